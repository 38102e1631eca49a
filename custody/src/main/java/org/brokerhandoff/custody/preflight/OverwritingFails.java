package org.brokerhandoff.custody.preflight;

/** A key that was erased is still in the slot file: no promise can be kept here, and no service may start. */
public final class OverwritingFails extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverwritingFails(Examination examination) {
        super("slot file " + examination.slotFile() + ": " + FindingName.CANARY_FOUND.meaning() + "\n"
                + examination.render());
    }
}
