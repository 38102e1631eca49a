package org.brokerhandoff.router.http;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.net.Address;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a broker's requests go. The name is resolved here, and only addresses are handed out: a client has no
 * name left to resolve, so it connects to exactly the address that was checked.
 */
final class Destination {
    private static final Logger LOG = LoggerFactory.getLogger(Destination.class);
    /** Short enough for a broker that moves; long enough that a lookup is nothing beside the requests. */
    private static final long LOOKUP_LASTS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    private final String host;
    private final int port;
    private final Kind kind;
    private final NameLookup lookup;
    private final LongSupplier nanoTime;
    private volatile Looked looked = new Looked(List.of(), 0);
    private volatile int turn;
    private volatile String lastRefusal = "";

    /** Which side resolves the name, and what is checked. */
    enum Kind {
        /** A broker marked {@code local}: any address will do. */
        LOCAL,
        /** The address is checked. */
        CHECKED,
        /** A proxy looks the name up; an address in place of a name is checked. */
        BY_PROXY
    }

    private record Looked(List<Endpoint> endpoints, long untilNanos) {}

    /** One address and port of a broker: by number, or by a name that only a proxy will look up. */
    record Endpoint(SocketAddress socket) implements Address {
        static Endpoint of(byte[] address, int port) {
            try {
                // Made of bytes alone, it has no name.
                return new Endpoint(SocketAddress.inetSocketAddress(
                        new InetSocketAddress(InetAddress.getByAddress(address), port)));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 or 16 bytes are an address", e);
            }
        }
    }

    /**
     * A destination.
     *
     * @param name whose it is, for the log
     * @param host name or address, as the endpoint has it
     * @param nanoTime as {@link System#nanoTime}
     */
    Destination(String name, String host, int port, Kind kind, NameLookup lookup, LongSupplier nanoTime) {
        this.name = name;
        this.host = host;
        this.port = port;
        this.kind = kind;
        this.lookup = lookup;
        this.nanoTime = nanoTime;
    }

    /** No address of the broker may be connected to. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String use) {
            super(use, null, false, false);
        }
    }

    /** The addresses to connect to, the best one first; fails with {@link Refused}, or because the name is not found. */
    Future<List<Endpoint>> endpoints() {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(bare(host));
        if (kind == Kind.BY_PROXY && literal == null) {
            return Future.succeededFuture(List.of(new Endpoint(SocketAddress.inetSocketAddress(port, host))));
        }
        Looked known = looked;
        if (!known.endpoints().isEmpty() && known.untilNanos() - nanoTime.getAsLong() > 0) {
            return Future.succeededFuture(inTurn(known));
        }
        Future<List<byte[]>> found = literal == null
                ? lookup.addresses(host)
                        .map(addresses ->
                                addresses.stream().map(InetAddress::getAddress).toList())
                : Future.succeededFuture(List.of(literal));
        return found.compose(addresses -> {
            List<Endpoint> allowed = new ArrayList<>();
            String use = "unknown";
            for (byte[] address : addresses) {
                Optional<String> refused = kind == Kind.LOCAL ? Optional.empty() : AddressRules.refused(address);
                if (refused.isEmpty()) {
                    allowed.add(Endpoint.of(address, port));
                } else {
                    use = refused.get();
                }
            }
            if (allowed.isEmpty()) {
                return Future.failedFuture(refused(use));
            }
            lastRefusal = "";
            looked = new Looked(List.copyOf(allowed), nanoTime.getAsLong() + LOOKUP_LASTS_NANOS);
            return Future.succeededFuture(inTurn(looked));
        });
    }

    /** Nothing could be reached there: those who come later begin with the address behind it. */
    void unreachable(Endpoint endpoint) {
        List<Endpoint> known = looked.endpoints();
        int at = known.indexOf(endpoint);
        if (at >= 0 && at == turn % known.size()) {
            turn = (at + 1) % known.size();
        }
    }

    /**
     * Whether a connection that was made may be used; asked before the first byte of each request.
     *
     * @param endpoint what was to be connected to
     * @param connected the other end of the socket
     */
    boolean allows(Endpoint endpoint, SocketAddress connected) {
        if (kind != Kind.CHECKED) {
            return true;
        }
        byte[] address = bytes(connected);
        byte[] meant = bytes(endpoint.socket());
        Optional<String> use = address == null || meant == null
                ? Optional.of("unknown")
                : AddressRules.refused(address)
                        .or(() -> Arrays.equals(address, meant)
                                ? Optional.empty()
                                : Optional.of("not the one that was checked"));
        use.ifPresent(this::refused);
        return use.isEmpty();
    }

    private static byte @Nullable [] bytes(SocketAddress address) {
        return address.hostAddress() == null ? null : NetUtil.createByteArrayFromIpAddressString(address.hostAddress());
    }

    private Refused refused(String use) {
        if (!use.equals(lastRefusal)) {
            // Once, and not for every signup.
            LOG.warn("{}: its address is {}; nothing is sent there unless it is marked local", name, use);
        }
        lastRefusal = use;
        return new Refused(use);
    }

    private List<Endpoint> inTurn(Looked known) {
        List<Endpoint> rotated = new ArrayList<>(known.endpoints());
        Collections.rotate(rotated, -(turn % rotated.size()));
        return rotated;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
