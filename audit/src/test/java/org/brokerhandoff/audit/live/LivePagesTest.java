package org.brokerhandoff.audit.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.pages.Mood;
import org.junit.jupiter.api.Test;

class LivePagesTest {
    static final Instant NOW = Instant.parse("2026-11-28T13:00:00Z");

    static Work work(int number, Work.Kind kind, Optional<String> broker, Duration until) {
        return new Work(
                kind,
                RightsType.ERASURE,
                new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0000L | number),
                Optional.of(new UUID(2, number)),
                broker,
                NOW.minus(Duration.ofDays(3)),
                Optional.of(NOW.plus(until)),
                number % 4 == 3);
    }

    private static final List<Work.Kind> KINDS = List.copyOf(EnumSet.allOf(Work.Kind.class));

    static LiveView view() {
        List<Work> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            work.add(work(
                    i,
                    KINDS.get(i % 3),
                    i % 3 == 2 ? Optional.of(Life.FJORD) : Optional.empty(),
                    Duration.ofHours(i * 20L - 30)));
        }
        return new LiveView(
                NOW,
                12,
                Optional.of(new LiveView.Held(
                        new UUID(1, 1), NOW.minusSeconds(5000), NOW.plusSeconds(90_000), NOW.plusSeconds(99_000))),
                1,
                work,
                8,
                2,
                List.of(
                        broker(Life.broker(Life.FJORD, 1)
                                .setName("Fjord <Markets> AS")
                                .setNoticesEndpoint("https://fjord.example")
                                .setAgreementValidUntil(LocalDate.of(2027, 12, 31))
                                .setAgreementTitle("Controller agreement 2026")
                                .build()),
                        new BrokerState(
                                Life.broker(Life.NORDLYS, 2)
                                        .setAgreementValidUntil(LocalDate.of(2026, 11, 1))
                                        .build(),
                                0,
                                Optional.empty(),
                                Optional.of(NOW.plusSeconds(900)),
                                Optional.empty())),
                Map.of(1, NOW.minusSeconds(20), 2, NOW.minusSeconds(4000)),
                Map.of("ROUTER", PurgeLevel.ERASED));
    }

    private static BrokerState broker(PublishedBroker published) {
        return new BrokerState(
                published, 4, Optional.of(NOW.minusSeconds(60)), Optional.empty(), Optional.of(NOW.minusSeconds(600)));
    }

    static LiveView.Progress progress() {
        return new LiveView.Progress(123_456, 0, Optional.of(NOW.minusSeconds(1)), true, Optional.empty());
    }

    static String overview(Map<String, String> query) {
        return new LivePages(Reader.of("en"))
                .overview(
                        view(),
                        progress(),
                        Optional.of(new Replicas(NOW, 24, 1, 3, 3)),
                        LiveStateTest.filter(query).orElseThrow());
    }

    @Test
    void the_overview_shows_what_is_held_and_owed_and_how_brokers_and_machines_stand() {
        String page = overview(Map.of());
        assertThat(page)
                .contains("Up to date")
                .contains("1 h 23 min")
                .contains("over by 1 d 6 h")
                .contains("8 of 8 matters shown")
                .contains("Fjord &lt;Markets&gt; AS")
                .contains("ended 2026-11-01")
                .contains("1 of the partitions lack a replica")
                .contains("silent")
                .doesNotContain("style=\"")
                .doesNotContain("http-equiv");
    }

    @Test
    void a_choice_stands_in_the_address_and_in_the_form_and_lets_through_what_it_says() {
        String page = overview(Map.of("kind", "notice", "due", "week", "broker", Life.FJORD));
        assertThat(page)
                .contains("<option value=\"notice\" selected=\"\">")
                .contains("<option value=\"week\" selected=\"\">")
                .contains("<option value=\"" + Life.FJORD + "\" selected=\"\">")
                .contains("2 of 8 matters shown");
        assertThat(LiveStateTest.filter(Map.of("kind", "nonsense"))).isEmpty();
        assertThat(LiveStateTest.filter(Map.of("due", "nonsense"))).isEmpty();
        assertThat(LiveStateTest.filter(Map.of("kind", "", "due", "", "broker", "")))
                .hasValue(WorkFilter.EVERYTHING);
    }

    @Test
    void that_figures_are_of_a_part_of_the_log_or_old_is_said_first() {
        assertThat(new LivePages(Reader.of("en"))
                        .overview(
                                view(),
                                new LiveView.Progress(5, 1000, Optional.empty(), false, Optional.empty()),
                                Optional.empty(),
                                WorkFilter.EVERYTHING))
                .contains("Reading the log: figures are partial")
                .contains("1,000 to go");
        assertThat(new LivePages(Reader.of("en"))
                        .overview(
                                view(),
                                new LiveView.Progress(
                                        5, 10, Optional.empty(), true, Optional.of("Kafka does not answer")),
                                Optional.empty(),
                                WorkFilter.EVERYTHING))
                .contains("The log cannot be read")
                .contains("Kafka does not answer");
    }

    @Test
    void what_a_broker_lacks_before_it_goes_live_is_marked() {
        List<GoLive.Check> checks =
                new GoLive(Reader.of("en").words()).of(view().brokers().get(1), NOW);
        assertThat(checks)
                .extracting(GoLive.Check::mood)
                .containsExactly(Mood.WATCH, Mood.BAD, Mood.BAD, Mood.PLAIN, Mood.PLAIN, Mood.BAD);
        assertThat(new GoLive(Reader.of("en").words()).of(view().brokers().get(0), NOW))
                .extracting(GoLive.Check::mood)
                .doesNotContain(Mood.BAD, Mood.WATCH);
    }

    @Test
    void a_key_opens_as_bearer_token_and_as_password_and_nothing_else_does() {
        Access access = Access.withKey("0123456789abcdef");
        assertThat(access.to(Optional.of("Bearer 0123456789abcdef"), Optional.of("audit.example")))
                .isEqualTo(Access.Answer.ALLOWED);
        assertThat(access.to(Optional.of("Basic " + basic("me:0123456789abcdef")), Optional.empty()))
                .isEqualTo(Access.Answer.ALLOWED);
        for (String wrong : List.of(
                "Bearer x",
                "Bearer",
                "",
                "0123456789abcdef",
                "Basic 0123456789abcdef",
                "Basic " + basic("0123456789abcdef"))) {
            assertThat(access.to(Optional.of(wrong), Optional.of("localhost")))
                    .as(wrong)
                    .isEqualTo(Access.Answer.UNAUTHENTICATED);
        }
        assertThat(access.to(Optional.empty(), Optional.of("localhost"))).isEqualTo(Access.Answer.UNAUTHENTICATED);
    }

    private static String basic(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void without_a_key_only_this_host_by_a_name_of_its_own_may_read() {
        Access access = Access.onThisHost();
        for (String own : List.of("localhost", "localhost:8086", "127.0.0.1:8086", "[::1]:8086", "LOCALHOST")) {
            assertThat(access.to(Optional.empty(), Optional.of(own))).as(own).isEqualTo(Access.Answer.ALLOWED);
        }
        for (String other : List.of("evil.example", "localhost.evil.example:8086", "127.0.0.1.evil.example", "")) {
            assertThat(access.to(Optional.empty(), Optional.of(other)))
                    .as(other)
                    .isEqualTo(Access.Answer.MISDIRECTED);
        }
        assertThat(Access.isLoopback("127.0.0.1")).isTrue();
        assertThat(Access.isLoopback("127.evil.example")).isFalse();
        assertThat(Access.isLoopback("0.0.0.0")).isFalse();
    }

    @Test
    void a_partition_that_is_far_ahead_waits_for_those_that_have_something_left() {
        Readings<String> readings = new Readings<>(1000);
        readings.read("a", 10_000);
        assertThat(readings.ahead(List.of("a", "b"))).containsExactly("a");
        readings.read("b", 9_500);
        assertThat(readings.ahead(List.of("a", "b"))).isEmpty();
        readings.read("a", 11_000);
        assertThat(readings.ahead(List.of("a", "b"))).containsExactly("a");
        assertThat(readings.ahead(List.of("a"))).isEmpty();
        assertThat(readings.ahead(List.of())).isEmpty();
    }
}
