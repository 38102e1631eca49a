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
import org.junit.jupiter.params.provider.EnumSource;
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

    /** What is connected to first, and what then. */
    private static List<String> result(Destination destination) {
        Future<List<Destination.Endpoint>> endpoints = destination.endpoints();
        return endpoints.succeeded()
                ? endpoints.result().stream()
                        .map(endpoint -> endpoint.socket().hostAddress() == null
                                ? endpoint.socket().host()
                                : endpoint.socket().hostAddress())
                        .toList()
                : List.of(
                        endpoints.cause() instanceof Destination.Refused refused
                                ? "refused: " + refused.getMessage()
                                : "not found");
    }

    @Test
    void the_address_that_was_checked_is_the_one_connected_to_whatever_the_name_says_next() {
        Destination destination = destination("broker.example", Destination.Kind.CHECKED);
        known = List.of("8.8.8.8");
        assertThat(result(destination)).containsExactly("8.8.8.8");
        known = List.of("127.0.0.1");
        assertThat(result(destination)).containsExactly("8.8.8.8");
        assertThat(lookups).hasValue(1);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(31));
        assertThat(result(destination)).containsExactly("refused: loopback");
        known = List.of();
        assertThat(result(destination)).containsExactly("not found");
    }

    @ParameterizedTest
    @EnumSource(
            value = Destination.Kind.class,
            names = {"LOCAL", "CHECKED"})
    void what_is_given_out_has_no_name_that_could_be_looked_up_again(Destination.Kind kind) {
        known = List.of("8.8.8.8", "2620:fe::fe");
        for (Destination.Endpoint endpoint :
                destination("broker.example", kind).endpoints().result()) {
            assertThat(endpoint.socket().hostName()).isNull();
            assertThat(endpoint.socket().host()).doesNotContain("broker");
        }
    }

    @Test
    void of_several_addresses_only_public_ones_are_used_beginning_behind_one_that_did_not_answer() {
        Destination destination = destination("broker.example", Destination.Kind.CHECKED);
        known = List.of("10.0.0.1", "8.8.8.8", "::1", "9.9.9.9", "1.1.1.1");
        Destination.Endpoint first = destination.endpoints().result().get(0);
        assertThat(result(destination)).containsExactly("8.8.8.8", "9.9.9.9", "1.1.1.1");
        destination.unreachable(first);
        // Others had found it out, too.
        destination.unreachable(first);
        assertThat(result(destination)).containsExactly("9.9.9.9", "1.1.1.1", "8.8.8.8");
        destination.unreachable(destination.endpoints().result().get(0));
        assertThat(result(destination)).containsExactly("1.1.1.1", "8.8.8.8", "9.9.9.9");
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
        assertThat(result(destination(host, Destination.Kind.CHECKED)).get(0)).startsWith("refused");
        assertThat(result(destination(host, Destination.Kind.BY_PROXY)).get(0)).startsWith("refused");
        assertThat(destination(host, Destination.Kind.LOCAL).endpoints().succeeded())
                .isTrue();
        assertThat(lookups).hasValue(0);
    }

    @Test
    void an_address_of_the_internet_in_place_of_a_name_is_used_as_it_is() {
        for (Destination.Kind kind : Destination.Kind.values()) {
            assertThat(result(destination("[2620:fe::fe]", kind))).containsExactly("2620:fe:0:0:0:0:0:fe");
            assertThat(result(destination("9.9.9.9", kind))).containsExactly("9.9.9.9");
        }
        assertThat(lookups).hasValue(0);
    }

    @Test
    void a_proxy_is_given_the_name() {
        assertThat(result(destination("broker.example", Destination.Kind.BY_PROXY)))
                .containsExactly("broker.example");
        assertThat(lookups).hasValue(0);
    }

    @Test
    void a_connection_is_judged_by_where_its_socket_is() {
        Destination.Endpoint inside = new Destination.Endpoint(socket("10.0.0.1"));
        Destination.Endpoint outside = new Destination.Endpoint(socket("8.8.8.8"));
        SocketAddress unknown = SocketAddress.inetSocketAddress(443, "broker.example");
        Destination checked = destination("broker.example", Destination.Kind.CHECKED);
        assertThat(checked.allows(outside, inside.socket())).isFalse();
        assertThat(checked.allows(outside, unknown)).isFalse();
        assertThat(checked.allows(outside, socket("9.9.9.9"))).isFalse();
        assertThat(checked.allows(outside, outside.socket())).isTrue();
        assertThat(destination("broker.example", Destination.Kind.LOCAL).allows(inside, inside.socket()))
                .isTrue();
    }

    private static SocketAddress socket(String text) {
        return SocketAddress.inetSocketAddress(new InetSocketAddress(address(text), 443));
    }
}
