package org.brokerhandoff.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterProjector;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The router as a process that dies without warning at every write of a notice. */
class NoticesKilledIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}";

    @TempDir
    Path directory;

    private static UUID send(RouterFixture fixture) {
        return fixture.source.send("NO", PERSON, "fjord-markets").signupId();
    }

    private static void awaitEvent(RouterFixture fixture, UUID id, Class<? extends SpecificRecord> type) {
        await().atMost(LIMIT)
                .until(() -> fixture.events(Topic.HANDOFFS, id).stream().anyMatch(type::isInstance));
    }

    private static Set<String> distinct(RouterFixture fixture, UUID id, Class<? extends SpecificRecord> type) {
        return fixture.events(Topic.HANDOFFS, id).stream()
                .filter(type::isInstance)
                .map(EventId::of)
                .collect(Collectors.toSet());
    }

    private static void withdraw(RouterFixture fixture, UUID id) {
        fixture.source
                .publisher()
                .publish(Topic.CONSENTS, id, Examples.withdrawnAfterOffer(id))
                .toCompletableFuture()
                .join();
    }

    /**
     * One router's death.
     *
     * @param fault where it dies
     * @param questions how often the broker has to be asked until it has done what it was told
     * @param arrivals how often the broker is told: again only where nobody can know that it was
     */
    private record Death(FaultyNoticesMain.Fault fault, int questions, int arrivals, UUID signup) {}

    @Test
    void killed_at_any_write_the_next_start_has_the_broker_confirm_and_the_log_say_so_once() throws Exception {
        try (RouterFixture fixture = new RouterFixture(directory, Duration.ofHours(1));
                Register register = Register.open(fixture.settings.register());
                RegisterProjector projector = RegisterProjector.start(
                        new KafkaClients(fixture.settings.eventLog()), new EventCodec(), register)) {
            List<Death> deaths = List.of(
                    new Death(FaultyNoticesMain.Fault.SENT_UNRECORDED, 0, 2, send(fixture)),
                    new Death(FaultyNoticesMain.Fault.SENT_ACKNOWLEDGED, 0, 1, send(fixture)),
                    new Death(FaultyNoticesMain.Fault.SENT_ACKNOWLEDGED, 1, 1, send(fixture)),
                    new Death(FaultyNoticesMain.Fault.CONFIRMED_UNRECORDED, 1, 1, send(fixture)),
                    new Death(FaultyNoticesMain.Fault.CONFIRMED_ACKNOWLEDGED, 0, 1, send(fixture)));
            UUID last = send(fixture);
            Set<UUID> slow = deaths.stream()
                    .filter(death -> death.questions() > 0)
                    .map(Death::signup)
                    .collect(Collectors.toSet());
            fixture.fjord.behaveOnNotices((id, type, arrival) ->
                    slow.contains(id) ? new NoticeReaction.Pend(1) : new NoticeReaction.Complete());
            try (RouterService router = fixture.startRouter()) {
                deaths.forEach(death -> awaitEvent(fixture, death.signup(), Delivered.class));
                awaitEvent(fixture, last, Delivered.class);
                assertThat(router.unfinished()).isNotNegative();
            }
            Optional<UUID> before = Optional.empty();
            for (Death death : deaths) {
                Process router = fixture.forkRouter(
                        directory,
                        FaultyNoticesMain.class,
                        death.fault().name(),
                        death.signup().toString());
                try {
                    // This one mends what the one before it left, and then dies itself.
                    before.ifPresent(id -> awaitEvent(fixture, id, NoticeConfirmed.class));
                    withdraw(fixture, death.signup());
                    assertThat(router.waitFor(120, TimeUnit.SECONDS)).isTrue();
                    assertThat(router.exitValue()).as("%s", death).isEqualTo(FaultyNoticesMain.HALTED);
                } finally {
                    fixture.kill(router);
                }
                assertThat(notice(fixture, death.signup()).arrivals()).isEqualTo(1);
                before = Optional.of(death.signup());
            }
            fixture.startRouter();
            // Those withdrawn before it are looked at first: by its end, each has had every chance to be told again.
            withdraw(fixture, last);
            awaitEvent(fixture, last, NoticeConfirmed.class);

            for (Death death : deaths) {
                UUID id = death.signup();
                assertThat(notice(fixture, id).completed()).as("%s", death).isTrue();
                assertThat(notice(fixture, id).arrivals()).as("%s", death).isEqualTo(death.arrivals());
                assertThat(distinct(fixture, id, NoticeConfirmed.class))
                        .as("%s", death)
                        .hasSize(1);
                assertThat(distinct(fixture, id, NoticeSent.class))
                        .as("the same sending, also where it was made twice: %s", death)
                        .hasSize(1);
            }
            assertThat(fixture.nordlys.books().accounts()).isEmpty();
            assertThat(fixture.fjord.books().totals().badSignatures()).isZero();
            assertThat(projector.unreadableEvents()).isZero();
        }
    }

    private static Books.NoticeAccount notice(RouterFixture fixture, UUID id) {
        return fixture.fjord.books().account(id).orElseThrow().notices().stream()
                .findFirst()
                .orElseThrow();
    }
}
