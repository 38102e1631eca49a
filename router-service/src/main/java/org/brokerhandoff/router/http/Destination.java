package org.brokerhandoff.router.http;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a broker's requests go: the address, not the name, is what a connection is made to, and it is checked before. So a name that
 * leads elsewhere at a second lookup leads nowhere: no second lookup is made of what was checked.
 */
final class Destination {
    private static final Logger LOG = LoggerFactory.getLogger(Destination.class);
    /** Short enough for a broker that moves; long enough that a lookup is nothing beside the requests. */
    private static final long LOOKUP_LASTS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String broker;
    private final String host;
    private final int port;
    private final Kind kind;
    private final NameLookup lookup;
    private final LongSupplier nanoTime;
    private volatile Looked looked = new Looked(List.of(), 0);
    private volatile int turn;
    private volatile String lastRefusal = "";

    /** Who finds the address, and what is checked of it. */
    enum Kind {
        /** A broker marked {@code local}: any address will do. */
        LOCAL,
        /** This system looks the name up and checks the address. */
        CHECKED,
        /** A proxy looks the name up; an address in place of a name is checked. */
        BY_PROXY
    }

    private record Looked(List<SocketAddress> addresses, long untilNanos) {}

    /**
     * The destination of a broker.
     *
     * @param host name or address, as the endpoint has it
     * @param nanoTime as {@link System#nanoTime}
     */
    Destination(String broker, String host, int port, Kind kind, NameLookup lookup, LongSupplier nanoTime) {
        this.broker = broker;
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

    /** The address to connect to; fails with {@link Refused}, or because the name is not found. */
    Future<SocketAddress> next() {
        if (kind == Kind.LOCAL) {
            return Future.succeededFuture(SocketAddress.inetSocketAddress(port, bare(host)));
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(bare(host));
        if (kind == Kind.BY_PROXY && literal == null) {
            return Future.succeededFuture(SocketAddress.inetSocketAddress(port, host));
        }
        Looked known = looked;
        if (!known.addresses().isEmpty() && known.untilNanos() - nanoTime.getAsLong() > 0) {
            return Future.succeededFuture(pick(known));
        }
        Future<List<InetAddress>> found =
                literal == null ? lookup.addresses(host) : Future.succeededFuture(List.of(address(literal)));
        return found.compose(addresses -> {
            List<SocketAddress> allowed = new ArrayList<>();
            String use = "unknown";
            for (InetAddress address : addresses) {
                Optional<String> refused = AddressRules.refused(address.getAddress());
                if (refused.isEmpty()) {
                    allowed.add(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)));
                } else {
                    use = refused.get();
                }
            }
            if (allowed.isEmpty()) {
                return Future.failedFuture(refused(use));
            }
            lastRefusal = "";
            looked = new Looked(List.copyOf(allowed), nanoTime.getAsLong() + LOOKUP_LASTS_NANOS);
            return Future.succeededFuture(pick(looked));
        });
    }

    /** Nothing listened there: another of the broker's addresses is next. */
    void unreachable() {
        turn = (turn + 1) & Integer.MAX_VALUE;
    }

    /**
     * Whether a connection that was made may be used; asked before the first byte of each request.
     *
     * @param connected the other end of the socket
     */
    boolean allows(SocketAddress connected) {
        if (kind != Kind.CHECKED) {
            return true;
        }
        byte[] address = connected.hostAddress() == null
                ? null
                : NetUtil.createByteArrayFromIpAddressString(connected.hostAddress());
        Optional<String> use = address == null ? Optional.of("unknown") : AddressRules.refused(address);
        use.ifPresent(this::refused);
        return use.isEmpty();
    }

    private Refused refused(String use) {
        if (!use.equals(lastRefusal)) {
            // Once, and not for every signup.
            LOG.warn("broker {}: its address is {}; nothing is sent there unless it is marked local", broker, use);
        }
        lastRefusal = use;
        return new Refused(use);
    }

    private SocketAddress pick(Looked known) {
        return known.addresses().get(turn % known.addresses().size());
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
