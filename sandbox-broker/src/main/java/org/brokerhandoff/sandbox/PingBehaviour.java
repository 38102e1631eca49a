package org.brokerhandoff.sandbox;

/**
 * How a broker answers a ping.
 *
 * @param status HTTP status; 0 for no answer at all
 * @param word {@code status} of the reply
 */
public record PingBehaviour(int status, String word) {
    /** Would take everybody. */
    public static PingBehaviour accepting() {
        return new PingBehaviour(200, "accepted");
    }

    /** Would take nobody. */
    public static PingBehaviour rejecting() {
        return new PingBehaviour(409, "rejected");
    }

    /** Does not answer. */
    public static PingBehaviour silent() {
        return new PingBehaviour(0, "");
    }
}
