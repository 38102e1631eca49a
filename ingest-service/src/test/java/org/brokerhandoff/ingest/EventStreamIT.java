package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event stream of a website's backend: its entries, their order, the start position, and what it must not contain. */
@SuppressWarnings("NullAway.Init") // set before the first test
class EventStreamIT extends RunningIngest {
    private static final List<String> WHOLE_LIFE = List.of("signup.assigned", "signup.delivered", "signup.purged");
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private SignupLife router;

    @BeforeAll
    void startRouter() {
        router = new SignupLife(installation);
    }

    @AfterAll
    void stopRouter() {
        router.close();
    }

    private String signUp(String key) {
        return website.signUp(key, Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private EventStream open(String secret, Optional<String> after) {
        // The slot of a stream that an earlier test closed becomes free a moment later.
        EventStream stream = await().atMost(LIMIT)
                .until(() -> EventStream.open(service.port(), secret, after), opened -> opened.status() != 429);
        assertThat(stream.status()).isEqualTo(200);
        await().atMost(LIMIT).until(() -> !stream.position().isEmpty());
        return stream;
    }

    @Test
    void a_website_is_told_of_its_own_signups_from_now_on_in_order_and_of_no_others() {
        String before = signUp("stream-before");
        router.assigned(before);
        try (EventStream own = open(Installation.WEBSITE, Optional.empty());
                EventStream foreign = open(Installation.OTHER_WEBSITE, Optional.empty())) {
            List<String> signups = Stream.of("stream-1", "stream-2", "stream-3")
                    .map(this::signUp)
                    .toList();
            signups.forEach(router::handedOver);
            String unknown = "0199ffff-ffff-7fff-bfff-0123456789ab";
            router.handedOver(unknown);
            assertThat(website.withdraw(signups.get(0)).status()).isEqualTo(200);
            router.suspended(Instant.parse("2026-11-22T13:00:00Z")).join();

            for (String signup : signups) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(own.types(signup))
                                .startsWith("signup.assigned", "signup.delivered", "signup.purged"));
            }
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(own.types(signups.get(0))).endsWith("withdrawal.recorded"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(foreign.told())
                            .extracting(EventStream.Told::type)
                            .contains("broker.suspended"));
            assertThat(foreign.told()).extracting(EventStream.Told::signup).containsOnly("");
            assertThat(own.told()).extracting(EventStream.Told::signup).doesNotContain(before, unknown);
            assertThat(own.told()).extracting(EventStream.Told::type).contains("broker.suspended");
            assertThat(own.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(own.header("Cache-Control")).isEqualTo("no-store");
        }
    }

    @Test
    void a_reader_that_comes_back_with_the_last_position_misses_nothing_and_hears_nothing_twice() {
        List<String> heard = new ArrayList<>();
        List<String> signups = new ArrayList<>();
        String position;
        try (EventStream stream = open(Installation.WEBSITE, Optional.empty())) {
            position = stream.position();
        }
        for (int round = 0; round < 4; round++) {
            String signup = signUp("come-back-" + round);
            signups.add(signup);
            router.handedOver(signup);
            // Alternately in the address and, as a browser's client does, in the header beside an old address.
            try (EventStream stream = EventStream.open(
                    service.port(),
                    Installation.WEBSITE,
                    round % 2 == 0 ? Optional.of(position) : Optional.of("old-and-wrong"),
                    round % 2 == 0 ? Optional.empty() : Optional.of(position))) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(stream.types(signup)).isEqualTo(WHOLE_LIFE));
                List<EventStream.Told> told = List.copyOf(stream.told());
                told.forEach(each -> heard.add(each.signup() + " " + each.id()));
                position = told.get(told.size() - 1).position();
            }
        }
        assertThat(heard.stream().filter(each -> signups.contains(each.substring(0, 36))))
                .hasSize(12)
                .doesNotHaveDuplicates();
        // After any entry in the middle, too.
        try (EventStream all = open(Installation.WEBSITE, Optional.of(position))) {
            String last = signUp("come-back-last");
            router.handedOver(last);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(all.types(last)).isEqualTo(WHOLE_LIFE));
            for (int at = 0; at < 3; at++) {
                EventStream.Told told = all.told().stream()
                        .filter(each -> each.signup().equals(last))
                        .toList()
                        .get(at);
                try (EventStream rest = open(Installation.WEBSITE, Optional.of(told.position()))) {
                    List<String> missing = WHOLE_LIFE.subList(at + 1, 3);
                    await().atMost(LIMIT)
                            .untilAsserted(() -> assertThat(rest.types(last)).isEqualTo(missing));
                }
            }
        }
    }

    /** Another process holds the register's database: the owner of a signup cannot be determined, so no stream gets its entries, and later the owner's does. */
    @Test
    void while_the_register_stands_still_nothing_is_told_and_afterwards_nothing_is_missing() throws Exception {
        try (EventStream own = open(Installation.WEBSITE, Optional.empty());
                EventStream foreign = open(Installation.OTHER_WEBSITE, Optional.empty())) {
            String signup;
            try (Connection writer = DriverManager.getConnection(
                            "jdbc:sqlite:" + installation.directory().resolve("register.db"));
                    Statement statement = writer.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                signup = signUp("held-back");
                router.handedOver(signup);
                await().during(Duration.ofSeconds(5))
                        .atMost(LIMIT)
                        .until(() -> own.types(signup).isEmpty());
                statement.execute("ROLLBACK");
            }
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(own.types(signup)).isEqualTo(WHOLE_LIFE));
            assertThat(foreign.types(signup)).isEmpty();
            assertThat(own.ended()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?after=",
                "?after=1",
                "?after=zz~zz",
                "?after=AQMA",
                "?after=%00",
                "?after=a&after=b",
                "?after=%zz"
            })
    void a_position_that_is_none_is_refused(String query) {
        HttpRequest.Builder request =
                website.request("/v1/events" + (query.contains("%zz") ? "" : query), Installation.WEBSITE);
        if (query.contains("%zz")) {
            request.header("Last-Event-ID", "zz");
        }
        Website.Answer answer = website.send(request.GET().build());

        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(400);
        assertThat(answer.code()).isIn("unknown-position", "invalid-query");
    }

    @Test
    void a_position_of_another_log_or_of_another_partition_count_is_refused() {
        for (int partitions : new int[] {Installation.PARTITIONS, Installation.PARTITIONS + 1}) {
            Map<LogPartition, Long> next = new HashMap<>();
            for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES)) {
                for (int number = 0; number < partitions; number++) {
                    next.put(new LogPartition(topic, number), number == 0 ? 1_000_000_000L : 0);
                }
            }
            String position = new FeedPosition(next, Instant.now()).encode(partitions);
            Website.Answer answer = website.get("/v1/events?after=" + position);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("unknown-position");
        }
    }

    @Test
    void others_than_websites_are_told_nothing() {
        for (String secret : List.of(Installation.ADMIN, Installation.ROTATED_ADMIN)) {
            assertThat(website.send(website.request("/v1/events", secret).GET().build())
                            .status())
                    .isEqualTo(403);
        }
        assertThat(website.send(website.request("/v1/events", "a-guess").GET().build())
                        .status())
                .isEqualTo(401);
        Website.Answer head = website.send(website.request("/v1/events", Installation.WEBSITE)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    }

    @Test
    void an_owner_has_four_streams_at_most_and_one_that_ended_makes_room() {
        List<EventStream> open = new ArrayList<>();
        try {
            // Streams of other tests may be open, and end.
            await().atMost(LIMIT).until(() -> {
                EventStream next = EventStream.open(service.port(), Installation.OTHER_WEBSITE, Optional.empty());
                open.add(next);
                return next.status() == 429;
            });
            assertThat(open.stream().filter(each -> each.status() == 200).count())
                    .isLessThanOrEqualTo(4);
            assertThat(open.get(open.size() - 1).header("Retry-After")).isNotEmpty();
            open.forEach(EventStream::close);
            await().atMost(LIMIT).until(() -> {
                try (EventStream again =
                        EventStream.open(service.port(), Installation.OTHER_WEBSITE, Optional.empty())) {
                    return again.status() == 200;
                }
            });
        } finally {
            open.forEach(EventStream::close);
        }
    }

    @Test
    void a_stream_ends_when_its_key_is_taken_away() throws IOException {
        String keys = Files.readString(installation.directory().resolve("api-keys.yaml"));
        replaceKeys(keys + Installation.line("website-3", "website", "third-secret"));
        await().atMost(LIMIT)
                .until(() -> website.send(website.request("/v1/signups/x", "third-secret")
                                        .GET()
                                        .build())
                                .status()
                        == 404);
        try (EventStream stream = open("third-secret", Optional.empty())) {
            replaceKeys(keys);
            await().atMost(LIMIT).until(stream::ended);
        }
    }

    private void replaceKeys(String text) throws IOException {
        Path next = Files.writeString(installation.directory().resolve("next"), text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, installation.directory().resolve("api-keys.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void a_reader_that_does_not_read_is_disconnected_and_holds_up_no_other() throws IOException {
        double before = metric("handoff_feed_slow_total");
        try (Socket slow = new Socket();
                EventStream quick = open(Installation.WEBSITE, Optional.empty())) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
            OutputStream request = slow.getOutputStream();
            request.write(("GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + Installation.OTHER_WEBSITE
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            await().atMost(LIMIT).until(() -> metric("handoff_feed_streams") >= 2);
            // More than all socket buffers on the path can hold.
            int events = 40_000;
            List<CompletableFuture<?>> published = new ArrayList<>();
            for (int at = 0; at < events; at++) {
                published.add(
                        router.suspended(Instant.parse("2027-01-01T00:00:00Z").plusMillis(at)));
                if (published.size() == 1_000) {
                    published.forEach(CompletableFuture::join);
                    published.clear();
                }
            }
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> quick.told().stream()
                                    .filter(each -> each.entry()
                                            .path("timestamp")
                                            .asText()
                                            .startsWith("2027-01-01"))
                                    .count()
                            == events);
            await().atMost(Duration.ofSeconds(90)).until(() -> metric("handoff_feed_slow_total") == before + 1);
            assertThat(quick.ended()).isFalse();
        }
    }

    private double metric(String name) {
        String metrics = website.send(
                        website.request("/metrics", Installation.ADMIN).GET().build())
                .response()
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
