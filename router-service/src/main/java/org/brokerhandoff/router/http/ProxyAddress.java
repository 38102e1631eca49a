package org.brokerhandoff.router.http;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A proxy between this system and the brokers that are not {@code local}. It sees no request, since those are inside TLS; it resolves
 * the brokers' names itself.
 */
public final class ProxyAddress {
    private static final int LAST_PORT = 65_535;

    private final URI uri;

    private ProxyAddress(URI uri) {
        this.uri = uri;
    }

    /**
     * The proxy that {@code http://[user:password@]host:port} or {@code socks5://…} names.
     *
     * @throws IllegalStateException if it names none; the message does not repeat it
     */
    public static ProxyAddress of(String address) {
        try {
            URI uri = new URI(address);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= LAST_PORT) {
                return new ProxyAddress(uri);
            }
        } catch (URISyntaxException e) {
            // Its message has the address, and so the password.
        }
        throw new IllegalStateException(
                "HANDOFF_DELIVERY_PROXY is not an address: escape special characters in user and password as"
                        + " %XX, and use a port up to " + LAST_PORT);
    }

    ProxyOptions options() {
        ProxyOptions options = new ProxyOptions()
                .setType("socks5".equals(uri.getScheme()) ? ProxyType.SOCKS5 : ProxyType.HTTP)
                .setHost(uri.getHost())
                .setPort(uri.getPort());
        Optional.ofNullable(uri.getUserInfo()).ifPresent(user -> {
            int colon = user.indexOf(':');
            options.setUsername(colon < 0 ? user : user.substring(0, colon))
                    .setPassword(colon < 0 ? "" : user.substring(colon + 1));
        });
        return options;
    }

    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
    }
}
