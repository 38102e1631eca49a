package org.brokerhandoff.sandbox;

/** How a broker reacts to pings: whether it would take a signup of that country. */
@FunctionalInterface
public interface PingBehaviour {
    /** Decides by the country of residence. Must neither block nor keep state. */
    Reaction reactTo(String country);

    /** The same to every ping. */
    static PingBehaviour always(Reaction reaction) {
        return country -> reaction;
    }

    /** What a broker says to a ping. */
    enum Reaction {
        /** It would take it. */
        ACCEPT,
        /** It would not. */
        REJECT,
        /** 503. */
        FAIL,
        /** Nothing: the request stays without an answer. */
        SILENCE
    }
}
