package org.brokerhandoff.ingest.status;

import java.util.List;
import org.brokerhandoff.register.PublishedRecipient;
import org.brokerhandoff.register.SignupStatus;

/**
 * The content of a receipt.
 *
 * @param status the status of the signup, with its consent
 * @param recipients those that the consent names, by the newest directory that has them
 */
public record ReceiptFacts(SignupStatus status, List<PublishedRecipient> recipients) {
    /** Copies the list. */
    public ReceiptFacts {
        recipients = List.copyOf(recipients);
    }
}
