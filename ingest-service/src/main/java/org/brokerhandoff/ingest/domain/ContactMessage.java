package org.brokerhandoff.ingest.domain;

import java.util.List;
import java.util.Optional;

/**
 * A validated message to the helpdesk without the person and their text.
 *
 * @param language the language it may be answered in, BCP 47
 * @param recipients ids of the directory's entries that may get it, at least one
 */
public record ContactMessage(Optional<String> language, List<String> recipients) {
    public ContactMessage {
        recipients = List.copyOf(recipients);
    }
}
