package org.brokerhandoff.bench.load;

/**
 * A port and path of a {@link BrokerStub}; its text form is a broker's id, such as {@code tls-20}.
 *
 * @param tls the port with TLS
 * @param delayMillis delay of its answers
 */
public record StubAddress(boolean tls, int delayMillis) {
    private static final String TLS = "tls-";
    private static final String PLAIN = "plain-";

    static StubAddress of(String id) {
        return new StubAddress(id.startsWith(TLS), Integer.parseInt(id.substring(id.indexOf('-') + 1)));
    }

    /** The broker's id. */
    public String id() {
        return (tls ? TLS : PLAIN) + delayMillis;
    }

    /** The path of a request to it. */
    public String path() {
        return "/delay/" + delayMillis;
    }
}
