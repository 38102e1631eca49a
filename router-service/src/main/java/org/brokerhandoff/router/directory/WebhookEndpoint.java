package org.brokerhandoff.router.directory;

import java.net.URI;
import java.util.List;

/**
 * Where signed requests go, and how.
 *
 * @param name whose it is, for logs and health: {@code broker fjord-markets}
 * @param address in {@linkplain BrokerAddress normal form}
 * @param secrets what requests are signed with, the current one first
 * @param local whether it may be on a loopback or private address and speak plain HTTP
 * @param connection how it is reached
 */
public record WebhookEndpoint(
        String name, URI address, List<WebhookSecret> secrets, boolean local, Connection connection) {
    /** Copies the secrets. */
    public WebhookEndpoint {
        secrets = List.copyOf(secrets);
    }

    /** Its name alone: an address may hold a token. */
    @Override
    public String toString() {
        return "WebhookEndpoint[" + name + "]";
    }
}
