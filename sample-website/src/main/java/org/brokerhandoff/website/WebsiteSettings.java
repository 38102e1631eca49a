package org.brokerhandoff.website;

import java.net.URI;
import java.util.List;

/**
 * What the website is started with.
 *
 * @param host address to listen on
 * @param port TCP port, or 0 for any free one
 * @param ingest where ingest is, such as {@code http://127.0.0.1:8080}
 * @param apiKey key with scope {@code website}
 * @param brokers who may be ticked on the form, in this order
 * @param https whether browsers reach it by HTTPS: cookies are Secure then, and bound to the host by their names
 */
public record WebsiteSettings(
        String host, int port, URI ingest, String apiKey, List<NamedBroker> brokers, boolean https) {
    /** Copies the list. */
    public WebsiteSettings {
        brokers = List.copyOf(brokers);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "WebsiteSettings[" + host + ":" + port + "]";
    }
}
