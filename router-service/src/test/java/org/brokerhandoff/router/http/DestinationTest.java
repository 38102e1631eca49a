package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is connected to, and what is not. */
class DestinationTest {
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger lookups = new AtomicInteger();
    private List<String> known = List.of();

    private Future<List<InetAddress>> lookup(String host) {
        lookups.incrementAndGet();
        List<InetAddress> addresses = new ArrayList<>();
        for (String each : known) {
            addresses.add(address(each));
        }
        return addresses.isEmpty()
                ? Future.failedFuture(new UnknownHostException(host))
                : Future.succeededFuture(addresses);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress("broker.example", NetUtil.createByteArrayFromIpAddressString(text));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private Destination destination(String host, Destination.Kind kind) {
        return new Destination("fjord-markets", host, 443, kind, this::lookup, nanoTime::get);
    }

    private static String result(Future<SocketAddress> next) {
        return next.succeeded()
                ? String.valueOf(
                        next.result().hostAddress() == null
                                ? next.result().host()
                                : next.result().hostAddress())
                : next.cause() instanceof Destination.Refused refused
                        ? "refused: " + refused.getMessage()
                        : "not found";
    }

    @Test
    void the_address_that_was_checked_is_the_one_connected_to_whatever_the_name_says_next() {
        Destination destination = destination("broker.example", Destination.Kind.CHECKED);
        known = List.of("8.8.8.8");
        assertThat(result(destination.next())).isEqualTo("8.8.8.8");
        known = List.of("127.0.0.1");
        assertThat(result(destination.next())).isEqualTo("8.8.8.8");
        assertThat(lookups).hasValue(1);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(31));
        assertThat(result(destination.next())).isEqualTo("refused: loopback");
        known = List.of();
        assertThat(result(destination.next())).isEqualTo("not found");
    }

    @Test
    void of_several_addresses_only_public_ones_are_used_each_in_turn_when_one_does_not_answer() {
        Destination destination = destination("broker.example", Destination.Kind.CHECKED);
        known = List.of("10.0.0.1", "8.8.8.8", "::1", "9.9.9.9");
        assertThat(result(destination.next())).isEqualTo("8.8.8.8");
        assertThat(result(destination.next())).isEqualTo("8.8.8.8");
        destination.unreachable();
        assertThat(result(destination.next())).isEqualTo("9.9.9.9");
        destination.unreachable();
        assertThat(result(destination.next())).isEqualTo("8.8.8.8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[fd00:ec2::254]"
            })
    void an_address_in_place_of_a_name_is_checked_through_a_proxy_too(String host) {
        assertThat(result(destination(host, Destination.Kind.CHECKED).next())).startsWith("refused");
        assertThat(result(destination(host, Destination.Kind.BY_PROXY).next())).startsWith("refused");
        assertThat(destination(host, Destination.Kind.LOCAL).next().succeeded()).isTrue();
        assertThat(lookups).hasValue(0);
    }

    @Test
    void a_proxy_is_given_the_name() {
        assertThat(result(
                        destination("broker.example", Destination.Kind.BY_PROXY).next()))
                .isEqualTo("broker.example");
        assertThat(lookups).hasValue(0);
    }

    @Test
    void a_connection_is_judged_by_where_its_socket_is() {
        SocketAddress inside = SocketAddress.inetSocketAddress(new InetSocketAddress(address("10.0.0.1"), 443));
        SocketAddress outside = SocketAddress.inetSocketAddress(new InetSocketAddress(address("8.8.8.8"), 443));
        SocketAddress unknown = SocketAddress.inetSocketAddress(443, "broker.example");
        Destination checked = destination("broker.example", Destination.Kind.CHECKED);
        assertThat(checked.allows(inside)).isFalse();
        assertThat(checked.allows(unknown)).isFalse();
        assertThat(checked.allows(outside)).isTrue();
        assertThat(destination("broker.example", Destination.Kind.LOCAL).allows(inside))
                .isTrue();
    }
}
