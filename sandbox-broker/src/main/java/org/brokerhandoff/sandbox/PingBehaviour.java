package org.brokerhandoff.sandbox;

/** How a broker reacts to pings: whether it would accept a signup of that country. */
@FunctionalInterface
public interface PingBehaviour {
    /** Decides by the country of residence. Must neither block nor keep state. */
    Reaction reactTo(String country);

    /** The same to every ping. */
    static PingBehaviour always(Reaction reaction) {
        return country -> reaction;
    }

    /** A broker's answer to a ping. */
    enum Reaction {
        /** It would accept. */
        ACCEPT,
        /** It would refuse. */
        REJECT,
        /** 503. */
        FAIL,
        /** No answer. */
        SILENCE
    }
}
