package org.brokerhandoff.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ingest.domain.ContactMessage;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.idempotency.IdempotencyJournal;
import org.brokerhandoff.ingest.idempotency.JournalReservations;
import org.brokerhandoff.ingest.idempotency.Reservation;
import org.brokerhandoff.operations.tracing.Tracing;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real slot file and a real journal. Kafka is unavailable: any publication is answered with the log's unavailability. */
class DurableBeforePublishedTest {
    private static final EventLogSettings NOWHERE =
            new EventLogSettings("127.0.0.1:1", Map.of(), "nowhere.", 1, 1, Duration.ofHours(1));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private SlotFile custody;
    private IdempotencyJournal journal;
    private EventPublisher publisher;
    private Intake intake;

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("custody.slots"), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("custody.keyset")));
        custody.completeOn(Runnable::run);
        journal = IdempotencyJournal.open(directory.resolve("idempotency.db"), InstantSource.system());
        publisher = EventPublisher.neverBlocking(
                new KafkaClients(NOWHERE), new EventCodec(), "/test", InstantSource.system());
        intake = new Intake(
                new SignupKeys(custody, id -> SignupFate.UNKNOWN, loop),
                new SignupLog(publisher, false),
                new JournalReservations(journal),
                new Admission(10),
                new IntakeMeters(new SimpleMeterRegistry()),
                Tracing.OFF,
                FaultPoints.NONE);
    }

    @AfterEach
    void close() {
        publisher.close();
        journal.close();
        custody.close();
        loop.shutdown();
    }

    @Test
    void nothing_is_published_under_a_reservation_that_no_sync_has_covered() {
        assertThat(submit("key")).isEqualTo(new IntakeOutcome.Unavailable(Unavailability.STORE_UNAVAILABLE));

        Reservation reservation = journal.find("owner", "key").orElseThrow();
        assertThat(reservation.state()).isEqualTo(Reservation.State.RESERVED);
        assertThat(awaited(custody.find(reservation.signupId())).orElseThrow().state())
                .isEqualTo(SlotState.HELD);
    }

    @Test
    void one_sync_of_custody_covers_both_and_the_repeat_goes_on_with_the_same_id_and_key() {
        custody.syncWith(journal::sync);
        long before = awaited(custody.usage()).syncs();

        assertThat(submit("key")).isEqualTo(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));

        assertThat(awaited(custody.usage()).syncs() - before).isEqualTo(1);
        Reservation reservation = journal.find("owner", "key").orElseThrow();
        UUID first = reservation.signupId();
        assertThat(reservation.slot()).isPresent();
        assertThat(submit("key")).isInstanceOf(IntakeOutcome.Unavailable.class);
        assertThat(journal.find("owner", "key").map(Reservation::signupId)).hasValue(first);
        assertThat(awaited(custody.usage()).live()).isEqualTo(1);
    }

    @Test
    void a_journal_whose_sync_fails_takes_nothing_in_and_lets_custody_go_on() {
        custody.syncWith(() -> {
            // A sync by an interrupted thread fails, and closes the file.
            Thread.currentThread().interrupt();
            journal.sync();
            assertThat(Thread.interrupted()).isTrue();
        });
        assertThat(submit("key")).isEqualTo(new IntakeOutcome.Unavailable(Unavailability.STORE_UNAVAILABLE));
        assertThat(journal.complaint())
                .hasValueSatisfying(text -> assertThat(text).contains("restarted"));
        assertThat(submit("other")).isEqualTo(new IntakeOutcome.Unavailable(Unavailability.STORE_UNAVAILABLE));
        assertThat(custody.failed()).isFalse();
        assertThat(awaited(custody.usage()).live()).isEqualTo(1);
    }

    private IntakeOutcome submit(String key) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return intake.submit(new Submission(
                        new Request("owner", key, loop),
                        new Entry.Contact(new ContactMessage(Optional.empty(), List.of("helpdesk"))),
                        PersonalData.takeOver("{}".getBytes(StandardCharsets.UTF_8)),
                        now,
                        Duration.ofHours(1)))
                .toCompletableFuture()
                .join();
    }
}
