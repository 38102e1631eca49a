package org.brokerhandoff.register;

/** Another process has projected these events meanwhile, or the register was rebuilt; the transaction was rolled back. */
final class PositionMoved extends Exception {
    private static final long serialVersionUID = 1L;

    PositionMoved() {
        super("positions have moved", null, false, false);
    }
}
