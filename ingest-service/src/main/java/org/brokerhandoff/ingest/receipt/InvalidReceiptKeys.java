package org.brokerhandoff.ingest.receipt;

import java.util.List;

/** The receipt keys are invalid; the message has all problems, and no key material. */
public final class InvalidReceiptKeys extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidReceiptKeys(List<String> problems) {
        super("the receipts' keys are not valid:\n  " + String.join("\n  ", problems));
    }
}
