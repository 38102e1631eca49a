package org.brokerhandoff.ingest.status;

import java.util.List;
import org.brokerhandoff.register.PublishedRecipient;
import org.brokerhandoff.register.SignupStatus;

/**
 * What a receipt is made of.
 *
 * @param status where the signup stands, with its consent
 * @param recipients those that the consent names, as the newest directory that has them says
 */
public record ReceiptFacts(SignupStatus status, List<PublishedRecipient> recipients) {
    /** Copies the list. */
    public ReceiptFacts {
        recipients = List.copyOf(recipients);
    }
}
