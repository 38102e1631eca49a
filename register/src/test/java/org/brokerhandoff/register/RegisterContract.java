package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The behaviour of a register, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class RegisterContract {
    private static final HoldingBroker NORDLYS = unnamed("nordlys-invest");

    @BeforeAll
    static void trustTheEventClasses() {
        // Avro copies events only once the codec has registered their classes as trusted.
        assertThat(new EventCodec()).isNotNull();
    }

    /** Settings of a database without tables. */
    abstract RegisterSettings empty();

    // ---- rows

    @Test
    void a_purge_is_overdue_from_the_promised_time_on_until_it_is_projected() {
        try (Register register = Register.open(empty())) {
            UUID held = Events.signupId();
            UUID purged = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(held));
            apply(register, Topic.CONSENTS, Events.granted(purged));
            apply(register, Topic.PURGES, Events.purged(purged, PurgeReason.DELIVERED));
            // Without a projected consent, no promise is known.
            apply(register, Topic.PURGES, Events.purged(Events.signupId(), PurgeReason.INVALID));
            Instant promised = register.status(held).orElseThrow().eraseBy();

            assertThat(register.overduePurges(promised)).isZero();
            assertThat(register.overduePurges(promised.plusMillis(1))).isOne();
            apply(register, Topic.PURGES, Events.purged(held, PurgeReason.EXPIRED));
            assertThat(register.overduePurges(promised.plusMillis(1))).isZero();
        }
    }

    @Test
    void a_delivered_signup_reads_the_same_in_whatever_order_its_events_arrive() {
        try (Register register = Register.open(empty())) {
            everyOrder(register, false, status(SignupState.DELIVERED, Optional.empty()));
        }
    }

    @Test
    void a_withdrawn_signup_reads_the_same_in_whatever_order_its_events_arrive() {
        try (Register register = Register.open(empty())) {
            everyOrder(
                    register,
                    true,
                    status(
                            SignupState.WITHDRAWN,
                            Optional.of(new WithdrawalStatus(
                                    Events.NOON.plusSeconds(30),
                                    WithdrawalOutcome.HANDOFF_STARTED,
                                    WithdrawalMethod.WEBSITE_REQUEST,
                                    Optional.empty(),
                                    Optional.of(new NoticeStatus(
                                            NoticeStatus.State.PENDING, 0, Optional.empty(), Optional.empty()))))));
        }
    }

    @Test
    void who_took_a_withdrawal_in_says_how_it_came_also_after_a_router_that_knew_it_from_custody_alone() {
        for (boolean together : List.of(true, false)) {
            try (Register register = Register.open(empty())) {
                UUID id = Events.signupId();
                ConsentWithdrawn ofTheRouter = ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                        .setMethod(WithdrawalMethod.NOT_RECORDED)
                        .build();
                ConsentWithdrawn byLetter = ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                        .setMethod(WithdrawalMethod.LETTER)
                        .build();
                apply(register, Topic.CONSENTS, Events.granted(id));
                EventBatch batch = new EventBatch();
                for (ConsentWithdrawn event : List.of(ofTheRouter, byLetter, ofTheRouter, Events.withdrawn(id))) {
                    if (together) {
                        batch.add(Topic.CONSENTS, new Decoded.Event(event));
                    } else {
                        apply(register, Topic.CONSENTS, event);
                    }
                }
                if (together) {
                    apply(register, batch);
                }
                assertThat(register.status(id)
                                .orElseThrow()
                                .withdrawal()
                                .orElseThrow()
                                .method())
                        .isEqualTo(WithdrawalMethod.LETTER);
            }
        }
    }

    @Test
    void whoever_confirmed_the_delivery_has_to_be_told_and_else_whoever_may_have_it() {
        try (Register register = Register.open(empty())) {
            UUID delivered = Events.signupId();
            UUID unknown = Events.signupId();
            UUID refusedByAll = Events.signupId();
            for (UUID id : List.of(delivered, unknown, refusedByAll)) {
                apply(register, Topic.CONSENTS, Events.granted(id));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 1));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "sund-capital", 2));
                apply(register, Topic.HANDOFFS, Events.refused(id, "fjord-markets"));
                apply(register, Topic.CONSENTS, Events.withdrawn(id));
            }
            apply(register, Topic.HANDOFFS, Events.delivered(delivered, "sund-capital"));
            apply(register, Topic.HANDOFFS, Events.released(refusedByAll, "nordlys-invest"));
            apply(register, Topic.HANDOFFS, Events.refused(refusedByAll, "sund-capital"));

            assertThat(told(register, delivered)).containsExactly("sund-capital");
            assertThat(told(register, unknown)).containsExactly("nordlys-invest", "sund-capital");
            assertThat(told(register, refusedByAll)).isEmpty();
            assertThat(notice(register, refusedByAll)).isEmpty();
            assertThat(register.status(refusedByAll).orElseThrow().broker()).isEmpty();
        }
    }

    @Test
    void a_broker_that_was_sent_a_signup_once_more_after_its_refusal_or_release_has_to_be_told() {
        for (boolean refused : List.of(true, false)) {
            try (Register register = Register.open(empty())) {
                UUID id = Events.signupId();
                SpecificRecord end = refused
                        ? Events.refused(id, "fjord-markets")
                        : Released.newBuilder(Events.released(id, "fjord-markets"))
                                .setAttempts(2)
                                .build();
                int next = refused ? 2 : 3;
                apply(register, Topic.CONSENTS, Events.granted(id));
                apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", 1, AttemptOutcome.UNKNOWN));
                apply(register, Topic.HANDOFFS, end);
                apply(register, Topic.CONSENTS, Events.withdrawn(id));
                assertThat(told(register, id)).as("the end covers the attempt").isEmpty();

                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", next, AttemptOutcome.NOT_SENT));
                assertThat(told(register, id)).as("nothing was sent").isEmpty();
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", next + 1, AttemptOutcome.UNKNOWN));
                assertThat(told(register, id)).containsExactly("fjord-markets");
                // Neither a repeat of the first end nor of an earlier attempt changes that.
                apply(register, Topic.HANDOFFS, end);
                apply(register, Topic.HANDOFFS, Events.attempt(id, "fjord-markets", 1, AttemptOutcome.UNKNOWN));
                assertThat(told(register, id)).containsExactly("fjord-markets");

                apply(
                        register,
                        Topic.HANDOFFS,
                        Refused.newBuilder(Events.refused(id, "fjord-markets"))
                                .setAttempt(next + 2)
                                .build());
                assertThat(told(register, id)).isEmpty();
            }
        }
    }

    @Test
    void a_notice_is_pending_then_escalated_then_confirmed_once_every_broker_has_confirmed() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0));
            assertThat(register.status(id).orElseThrow().withdrawal()).isEmpty();
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.PENDING);

            apply(register, Topic.HANDOFFS, Events.sent(id, "fjord-markets", 2, NoticeOutcome.FAILED));
            apply(register, Topic.HANDOFFS, Events.sent(id, "fjord-markets", 1, NoticeOutcome.NO_ANSWER));
            apply(register, Topic.HANDOFFS, Events.confirmed(id, "nordlys-invest", Events.NOON.plusSeconds(60)));
            assertThat(notice(register, id))
                    .contains(new NoticeStatus(
                            NoticeStatus.State.PENDING, 2, Optional.of(Events.NOON.plusSeconds(32)), Optional.empty()));
            assertThat(register.noticesInProgress().get(0).notices().get(0).last())
                    .contains(new OwedNotice.Sending(
                            Events.NOON.plusSeconds(32),
                            NoticeOutcome.FAILED,
                            Optional.of(Events.NOON.plusSeconds(3_600))));

            apply(register, Topic.HANDOFFS, Events.escalated(id, "fjord-markets", EscalationReason.SILENT));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.ESCALATED);
            assertThat(register.status(id)
                            .orElseThrow()
                            .withdrawal()
                            .orElseThrow()
                            .brokerConfirmedAt())
                    .isEmpty();

            apply(register, Topic.HANDOFFS, Events.confirmed(id, "fjord-markets", Events.NOON.plusSeconds(70)));
            apply(register, Topic.HANDOFFS, Events.confirmed(id, "fjord-markets", Events.NOON.plusSeconds(90)));
            assertThat(notice(register, id)).map(NoticeStatus::state).contains(NoticeStatus.State.CONFIRMED);
            assertThat(register.status(id)
                            .orElseThrow()
                            .withdrawal()
                            .orElseThrow()
                            .brokerConfirmedAt())
                    .contains(Events.NOON.plusSeconds(70));
        }
    }

    @Test
    void a_withdrawal_is_in_progress_until_it_is_ended_and_one_before_the_handoff_never_is() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            UUID before = Events.signupId();
            ConsentWithdrawn early = ConsentWithdrawn.newBuilder(Events.withdrawn(before))
                    .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                    .build();
            apply(register, Topic.HANDOFFS, Events.assigned(before, "fjord-markets", 0));
            apply(register, Topic.CONSENTS, early);
            assertThat(register.noticesInProgress()).isEmpty();
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            assertThat(register.noticesInProgress())
                    .containsExactly(new NoticesInProgress(
                            NoticeCause.withdrawal(id), NoticeType.WITHDRAWAL, Events.NOON.plusSeconds(30), List.of()));

            register.ended(List.of(NoticeCause.withdrawal(id)));
            assertThat(register.noticesInProgress()).isEmpty();
        }
    }

    @Test
    void tables_of_the_first_version_are_projected_anew() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog()) {
            log.publishDelivered(20);
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }
            backToTheFirstVersion(settings);
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(export(register)).isEqualTo(rebuilt(log)).contains("\nassignment\t");
            }
        }
    }

    private static HoldingBroker unnamed(String id) {
        return new HoldingBroker(id, id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static void backToTheFirstVersion(RegisterSettings settings) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        settings.url(),
                        settings.user().orElse(null),
                        settings.password().orElse(null));
                Statement statement = connection.createStatement()) {
            for (String table : List.of(
                    "assignment",
                    "released_assignment",
                    "undecided_attempt",
                    "notice",
                    "notice_in_progress",
                    "rights_request",
                    "cookie_choice",
                    "disclosure_request",
                    "disclosure_question")) {
                statement.executeUpdate("DROP TABLE " + table);
            }
            statement.executeUpdate("ALTER TABLE signup DROP COLUMN owner");
            statement.executeUpdate("ALTER TABLE signup DROP COLUMN declared_age");
            statement.executeUpdate("ALTER TABLE refusal DROP COLUMN attempt");
            for (String column : List.of("cookie_policy", "contact", "role")) {
                statement.executeUpdate("ALTER TABLE broker DROP COLUMN " + column);
            }
            // Its columns do not matter: all its rows are deleted, and then it is recreated.
            statement.executeUpdate("DROP TABLE policy");
            statement.executeUpdate("CREATE TABLE policy (version INTEGER)");
            statement.executeUpdate("DROP INDEX signup_unpurged");
            statement.executeUpdate("DELETE FROM register_schema_history WHERE version <> '1'");
        }
    }

    private static List<String> told(Register register, UUID id) {
        return register.noticesInProgress().stream()
                .filter(withdrawal -> withdrawal.cause().signupId().equals(id))
                .flatMap(withdrawal -> withdrawal.notices().stream())
                .map(OwedNotice::broker)
                .toList();
    }

    private static Optional<NoticeStatus> notice(Register register, UUID id) {
        return register.status(id).orElseThrow().withdrawal().orElseThrow().notice();
    }

    private static SignupStatus status(SignupState state, Optional<WithdrawalStatus> withdrawal) {
        return new SignupStatus(
                new UUID(0, 0),
                Optional.of("website-1"),
                state,
                Events.NOON.plusMillis(5),
                Events.NOON.plusSeconds(86_400),
                Optional.empty(),
                Optional.of(NORDLYS),
                true,
                Optional.of(Events.recorded()),
                Optional.of(new PurgeStatus(PurgeLevel.UNREACHABLE, PurgeReason.DELIVERED, Events.NOON.plusSeconds(6))),
                withdrawal,
                false);
    }

    private static void everyOrder(Register register, boolean withdrawn, SignupStatus expected) {
        List<UUID> ids = new ArrayList<>();
        List<EventBatch> batches = new ArrayList<>();
        int events = withdrawn ? 7 : 6;
        for (List<Integer> order : permutations(events)) {
            UUID id = Events.signupId();
            List<Published> facts = facts(id);
            for (int i = 0; i < events; i++) {
                // Signups go through together, at the i-th event each; every fourth order has two events in one batch.
                int step = ids.size() % 4 == 3 ? i / 2 : i;
                while (batches.size() <= step) {
                    batches.add(new EventBatch());
                }
                Published next = facts.get(order.get(i));
                batches.get(step).add(next.topic(), new Decoded.Event(next.event()));
            }
            ids.add(id);
        }
        batches.forEach(batch -> apply(register, batch));

        for (UUID id : ids) {
            SignupStatus found = register.status(id).orElseThrow();
            assertThat(found)
                    .usingRecursiveComparison()
                    .ignoringFields("signupId")
                    .isEqualTo(expected);
            assertThat(found.signupId()).isEqualTo(id);
        }
    }

    private record Published(Topic topic, SpecificRecord event) {}

    private static List<Published> facts(UUID id) {
        return List.of(
                new Published(Topic.CONSENTS, Events.granted(id)),
                new Published(Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0)),
                new Published(Topic.HANDOFFS, Events.refused(id, "fjord-markets")),
                new Published(Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 1)),
                new Published(Topic.HANDOFFS, Events.delivered(id, "nordlys-invest")),
                new Published(Topic.PURGES, Events.purged(id, PurgeReason.DELIVERED)),
                new Published(Topic.CONSENTS, Events.withdrawn(id)));
    }

    private static List<List<Integer>> permutations(int length) {
        List<List<Integer>> permutations = new ArrayList<>(List.of(List.of()));
        for (int next = 0; next < length; next++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> shorter : permutations) {
                for (int place = 0; place <= shorter.size(); place++) {
                    List<Integer> permutation = new ArrayList<>(shorter);
                    permutation.add(place, next);
                    longer.add(permutation);
                }
            }
            permutations = longer;
        }
        return permutations;
    }

    @Test
    void each_event_shows_in_the_status() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            assertThat(register.status(id)).isEmpty();

            apply(register, Topic.CONSENTS, Events.granted(id));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.RECEIVED);
                assertThat(status.consent()).hasValue(Events.recorded());
                assertThat(status.broker()).isEmpty();
            });

            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.ASSIGNED);
                assertThat(status.broker().map(HoldingBroker::id)).contains("fjord-markets");
            });

            apply(register, Topic.HANDOFFS, Events.refused(id, "fjord-markets"));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.RECEIVED);
                assertThat(status.broker()).isEmpty();
            });

            apply(register, Topic.HANDOFFS, Events.undeliverable(id));
            assertThat(register.status(id))
                    .get()
                    .extracting(SignupStatus::state)
                    .isEqualTo(SignupState.UNDELIVERABLE);

            apply(register, Topic.PURGES, Events.purged(id, PurgeReason.UNDELIVERABLE));
            assertThat(register.status(id))
                    .get()
                    .extracting(status -> status.purge().map(PurgeStatus::reason))
                    .isEqualTo(Optional.of(PurgeReason.UNDELIVERABLE));
        }
    }

    @Test
    void a_repeated_fact_changes_nothing_even_if_it_says_otherwise() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            apply(register, Topic.HANDOFFS, Events.delivered(id, "fjord-markets"));
            apply(register, Topic.PURGES, Events.purged(id, PurgeReason.DELIVERED));
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            String before = export(register);

            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(id))
                            .setFormDigest(null)
                            .setLanguage("en")
                            .setEraseBy(Events.NOON)
                            .build());
            apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0));
            apply(register, Topic.HANDOFFS, Events.delivered(id, "nordlys-invest"));
            apply(
                    register,
                    Topic.PURGES,
                    Purged.newBuilder(Events.purged(id, PurgeReason.EXPIRED))
                            .setPurgedAt(Events.NOON)
                            .build());
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                            .setWithdrawnAt(Events.NOON)
                            .build());

            // The assignment of a second broker is a separate fact: two routers may have decided, and it may have the
            // data.
            String secondAssignment = "assignment\tsignup_id=" + id + "\tbroker=nordlys-invest\tassigned_at="
                    + Events.NOON.plusSeconds(1) + "\n";
            assertThat(export(register)).contains(secondAssignment);
            assertThat(export(register).replace(secondAssignment, "")).isEqualTo(before);
        }
    }

    @Test
    void a_consent_without_form_or_recipients_is_read_back_as_it_was() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(id))
                            .setFormDigest(null)
                            .setRecipients(List.of())
                            .build());

            assertThat(register.status(id))
                    .get()
                    .extracting(status -> status.consent().orElseThrow())
                    .satisfies(consent -> {
                        assertThat(consent.formDigest()).isEmpty();
                        assertThat(consent.recipients()).isEmpty();
                    });
        }
    }

    @Test
    void the_owner_of_a_signup_is_that_of_its_first_event_and_may_be_missing_in_one_of_an_earlier_version() {
        try (Register register = Register.open(empty())) {
            UUID owned = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(owned));
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(owned))
                            .setOwner("somebody-else")
                            .build());
            UUID earlier = Events.signupId();
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(earlier))
                            .setOwner(null)
                            .build());

            assertThat(register.status(owned).orElseThrow().owner()).contains("website-1");
            assertThat(register.status(earlier).orElseThrow().owner()).isEmpty();
        }
    }

    @Test
    void a_contact_message_has_a_status_and_no_consent() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            ContactReceived message = new ContactReceived(
                    SignupIds.fixed(id),
                    Events.NOON,
                    Events.NOON.plusSeconds(3600),
                    List.of(Purpose.HELPDESK),
                    List.of(DataCategory.CORRESPONDENCE),
                    List.of("helpdesk"),
                    "website-2",
                    null,
                    null);
            EventBatch batch = new EventBatch();
            batch.add(Topic.CONSENTS, new Decoded.Event(message));
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.assigned(id, "helpdesk", 0)));
            apply(register, batch);
            apply(register, Topic.CONSENTS, message);

            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.ASSIGNED);
                assertThat(status.receivedAt()).isEqualTo(Events.NOON);
                assertThat(status.eraseBy()).isEqualTo(Events.NOON.plusSeconds(3600));
                assertThat(status.consent()).isEmpty();
                assertThat(status.owner()).contains("website-2");
            });
        }
    }

    @Test
    void a_broker_is_called_what_the_newest_directory_calls_it() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            assertThat(register.status(id).orElseThrow().broker()).contains(unnamed("fjord-markets"));

            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON.plusSeconds(2), "fjord-markets", "Fjord New"));
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON, "fjord-markets", "Fjord Old"));
            // The newest directory does not have it.
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON.plusSeconds(3), "nordlys-invest", "Nordlys"));

            assertThat(register.status(id).orElseThrow().broker())
                    .contains(new HoldingBroker(
                            "fjord-markets",
                            "Fjord New",
                            Optional.of("https://fjord-markets.example/privacy"),
                            Optional.of("https://fjord-markets.example/cookies"),
                            Optional.of("help@fjord-markets.example")));
        }
    }

    @Test
    void the_newest_choice_of_cookies_holds_and_a_refusal_always_does() {
        UUID visitor = UUID.randomUUID();
        try (Register register = Register.open(empty())) {
            assertThat(choice(register, visitor)).isEmpty();
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0, CookieKind.ANALYTICS));
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 1, CookieKind.NECESSARY));
            assertThat(choice(register, visitor)).contains(List.of(CookieKind.NECESSARY));
            // A late repeat of a request.
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0, CookieKind.ANALYTICS));
            assertThat(choice(register, visitor)).contains(List.of(CookieKind.NECESSARY));
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0));
            assertThat(choice(register, visitor)).contains(List.of());
            apply(register, Topic.CONSENTS, Events.cookieChoice(UUID.randomUUID(), 5, CookieKind.ANALYTICS));
            assertThat(choice(register, visitor)).contains(List.of());
            assertThat(export(register))
                    .contains("cookie_choice\tvisitor_id=" + visitor + "\towner=website\taccepted=\tmethod=BANNER");
        }
    }

    private static Optional<List<CookieKind>> choice(Register register, UUID visitor) {
        return register.past(PassedEnds.all(List.of()), view -> view.cookieChoice(visitor, "website"))
                .map(PresentCookieChoice::accepted);
    }

    @Test
    void policies_are_listed_by_version_and_the_first_of_a_version_stays() {
        try (Register register = Register.open(empty())) {
            PolicyPublished second = Events.policy("2026-12-01", "second", Events.NOON);
            PolicyPublished first = Events.policy("2026-11-01", "first", Events.NOON);
            apply(register, Topic.CONSENTS, second);
            apply(register, Topic.CONSENTS, Events.policy("2026-11-01", "changed", Events.NOON.plusSeconds(1)));
            apply(register, Topic.CONSENTS, first);

            assertThat(register.policies())
                    .containsExactly(
                            new PublishedPolicy(
                                    DocumentKind.PRIVACY,
                                    "2026-11-01",
                                    "nb",
                                    Digests.sha256("first"),
                                    Events.NOON.plusSeconds(3600),
                                    Events.NOON),
                            new PublishedPolicy(
                                    DocumentKind.PRIVACY,
                                    "2026-12-01",
                                    "nb",
                                    Digests.sha256("second"),
                                    Events.NOON.plusSeconds(3600),
                                    Events.NOON));
        }
    }

    @Test
    void versions_of_another_kind_of_document_are_rows_of_their_own() {
        try (Register register = Register.open(empty())) {
            for (DocumentKind kind : DocumentKind.values()) {
                apply(
                        register,
                        Topic.CONSENTS,
                        PolicyPublished.newBuilder(Events.policy("2026-11-01", kind.name(), Events.NOON))
                                .setKind(kind)
                                .setActor("admin-1")
                                .build());
            }

            assertThat(register.policies())
                    .extracting(PublishedPolicy::kind, PublishedPolicy::digest)
                    .containsExactlyInAnyOrder(
                            tuple(DocumentKind.PRIVACY, Digests.sha256("PRIVACY")),
                            tuple(DocumentKind.COOKIES, Digests.sha256("COOKIES")),
                            tuple(DocumentKind.TERMS, Digests.sha256("TERMS")));
        }
    }

    @Test
    void a_batch_read_from_a_position_that_has_moved_is_not_written_at_all() {
        try (Register register = Register.open(empty())) {
            LogPartition first = new LogPartition(Topic.CONSENTS, 0);
            LogPartition second = new LogPartition(Topic.HANDOFFS, 0);
            register.claim(new LogSource("cluster", ""), List.of(first, second));
            applyAt(register, first, 0, 10, new EventBatch());
            UUID id = Events.signupId();
            EventBatch batch = new EventBatch();
            batch.add(Topic.CONSENTS, new Decoded.Event(Events.granted(id)));
            SortedMap<LogPartition, RegisterWriter.Step> steps =
                    new TreeMap<>(Map.of(first, new RegisterWriter.Step(0, 11), second, new RegisterWriter.Step(0, 5)));

            assertThatThrownBy(() -> register.apply(batch, steps)).isInstanceOf(PositionMoved.class);

            assertThat(register.status(id)).isEmpty();
            assertThat(register.position(Topic.CONSENTS, 0)).isEqualTo(10);
            assertThat(register.position(Topic.HANDOFFS, 0)).isZero();
        }
    }

    @Test
    void writers_of_the_same_signups_do_not_lose_each_others_facts() throws Exception {
        RegisterSettings settings = empty();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ids.add(Events.signupId());
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Register one = Register.open(settings);
                Register two = Register.open(settings)) {
            one.claim(new LogSource("cluster", ""), List.of(new LogPartition(Topic.CONSENTS, 0)));
            List<Future<?>> writers = new ArrayList<>();
            writers.add(threads.submit(() -> ids.forEach(id -> apply(one, Topic.CONSENTS, Events.granted(id)))));
            writers.add(threads.submit(
                    () -> ids.forEach(id -> apply(two, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0)))));
            writers.add(threads.submit(() ->
                    ids.forEach(id -> apply(two, Topic.PURGES, Events.purged(id, PurgeReason.EXPIRED)))));
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }

            assertThat(ids)
                    .allSatisfy(id -> assertThat(one.status(id)).get().satisfies(status -> {
                        assertThat(status.state()).isEqualTo(SignupState.EXPIRED);
                        assertThat(status.broker()).contains(NORDLYS);
                    }));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void services_that_start_together_find_one_set_of_tables() throws Exception {
        RegisterSettings settings = empty();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Register>> opening = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opening.add(threads.submit(() -> Register.open(settings)));
            }
            for (Future<Register> opened : opening) {
                try (Register register = opened.get(60, TimeUnit.SECONDS)) {
                    assertThat(register.policies()).isEmpty();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void the_export_keeps_a_line_a_line() {
        try (Register register = Register.open(empty())) {
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON, "fjord-markets", "Fjord\\\n\tMarkets"));

            assertThat(export(register).lines())
                    .contains(
                            "broker\tid=fjord-markets\tname=Fjord\\\\\\u000a\\u0009Markets"
                                    + "\tprivacy_policy=https://fjord-markets.example/privacy\tpublished_at=2026-11-22T12:00:00Z"
                                    + "\tdirectory_digest="
                                    + Digests.hex(Digests.sha256("fjord-marketsFjord\\\n\tMarkets"))
                                    + "\tcookie_policy=https://fjord-markets.example/cookies\tcontact=help@fjord-markets.example");
        }
    }

    // ---- projection

    @Test
    void what_is_published_is_projected_and_a_restart_goes_on_from_there() throws Exception {
        RegisterSettings settings = empty();
        UUID first = Events.signupId();
        UUID second = Events.signupId();
        try (TestLog log = new TestLog()) {
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                log.publish(Topic.CONSENTS, first, Events.granted(first)).get();
                log.publish(Topic.HANDOFFS, first, Events.assigned(first, "nordlys-invest", 0))
                        .get();
                log.publishTo(Topic.CONSENTS, 1, Events.policy("2026-11-01", "text", Events.NOON))
                        .get();
                TestLog.awaitAll(projector);
                assertThat(register.status(first))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.ASSIGNED);
                assertThat(register.policies()).hasSize(1);
                assertThat(projector.projectedEvents()).isEqualTo(3);
                assertThat(projector.health()).isInstanceOf(RegisterHealth.Following.class);
            }
            log.publish(Topic.HANDOFFS, first, Events.delivered(first, "nordlys-invest"))
                    .get();
            log.publish(Topic.CONSENTS, second, Events.granted(second)).get();
            try (Register register = Register.open(settings);
                    Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(register.status(first))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.DELIVERED);
                assertThat(register.status(second))
                        .get()
                        .extracting(SignupStatus::state)
                        .isEqualTo(SignupState.RECEIVED);
                assertThat(projector.projectedEvents()).isEqualTo(2);
                assertThat(register.position(Topic.HANDOFFS, log.partition(first)))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void what_cannot_be_read_is_passed_over() throws Exception {
        UUID id = Events.signupId();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            int partition = log.partition(id);
            log.append(Topic.CONSENTS, partition, new byte[] {1, 2, 3});
            log.append(Topic.CONSENTS, partition, log.codec.encode(Events.purged(id, PurgeReason.EXPIRED)));
            log.publish(Topic.CONSENTS, id, Events.granted(id)).get();
            TestLog.awaitAll(projector);

            assertThat(register.status(id)).isPresent();
            assertThat(projector.unreadableEvents()).isEqualTo(2);
        }
    }

    @Test
    void an_event_of_an_unknown_schema_stops_its_partition_and_no_other() throws Exception {
        UUID behind = Events.signupId();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            UUID elsewhere = Events.signupId();
            while (log.partition(elsewhere) == log.partition(behind)) {
                elsewhere = Events.signupId();
            }
            byte[] newer = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            log.append(Topic.CONSENTS, log.partition(behind), newer);
            log.publish(Topic.CONSENTS, behind, Events.granted(behind)).get();
            log.publish(Topic.CONSENTS, elsewhere, Events.granted(elsewhere)).get();

            UUID followed = elsewhere;
            await().atMost(1, TimeUnit.MINUTES).untilAsserted(() -> {
                assertThat(register.status(followed)).isPresent();
                assertThat(projector.health())
                        .isInstanceOfSatisfying(
                                RegisterHealth.Interrupted.class,
                                interrupted ->
                                        assertThat(interrupted.toString()).contains("upgrade this service"));
            });
            // Continuing without it would mean answering by less than what is recorded.
            assertThat(register.status(behind)).isEmpty();
            assertThat(projector.unreadableEvents()).isZero();
        }
    }

    @Test
    void an_acknowledged_event_is_in_the_answer_of_every_process() throws Exception {
        RegisterSettings settings = empty();
        int threads = 6;
        ExecutorService askers = Executors.newFixedThreadPool(threads);
        try (TestLog log = new TestLog();
                Register one = Register.open(settings);
                Register two = Register.open(settings);
                Projecting first = log.project(one);
                Projecting second = log.project(two)) {
            List<Future<?>> asking = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Projecting projector = thread % 2 == 0 ? first : second;
                Register register = thread % 2 == 0 ? one : two;
                asking.add(askers.submit(() -> {
                    for (int i = 0; i < 30; i++) {
                        UUID id = Events.signupId();
                        log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
                        caughtUp(projector, Topic.CONSENTS, log.partition(id));
                        assertThat(register.status(id)).isPresent();

                        log.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();
                        caughtUp(projector, Topic.CONSENTS, log.partition(id));
                        assertThat(register.status(id))
                                .get()
                                .extracting(SignupStatus::state)
                                .isEqualTo(SignupState.WITHDRAWN);
                    }
                }));
            }
            for (Future<?> each : asking) {
                each.get(120, TimeUnit.SECONDS);
            }
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(first.projectedEvents() + second.projectedEvents())
                            .isEqualTo(threads * 60L));
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void what_a_register_lacks_that_was_emptied_since_it_caught_up_is_not_called_missing() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            UUID id = Events.signupId();
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            PassedEnds passed;
            try (Projecting projector = log.project(register)) {
                passed = projector
                        .passed(List.of(Topic.CONSENTS), log.partition(id), TestLog.LIMIT)
                        .toCompletableFuture()
                        .join();
                assertThat(has(register, passed, id)).isTrue();
                assertThat(has(register, passed, Events.signupId())).isFalse();
            }
            // Like the start of an upgraded process.
            try (Connection connection = DriverManager.getConnection(
                            settings.url(),
                            settings.user().orElse(null),
                            settings.password().orElse(null));
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM signup");
                statement.executeUpdate("UPDATE projected_position SET next_offset = 0");
            }
            assertThatThrownBy(() -> register.past(passed, view -> view.status(id)))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, view -> view.purged(id)))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, RegisterView::policies))
                    .isInstanceOf(RegisterBehind.class);
            assertThatThrownBy(() -> register.past(passed, RegisterView::brokers))
                    .isInstanceOf(RegisterBehind.class);
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
                assertThat(has(register, passed, id)).isTrue();
            }
        }
    }

    @Test
    void a_question_waits_for_what_was_acknowledged_though_the_end_that_kafka_tells_is_before_it(
            @TempDir Path directory) {
        try (TestLog log = new TestLog();
                TestLog ahead = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            UUID id = Events.signupId();
            int partition = log.partition(id);
            // As if another process of the host knew of an acknowledged event that the broker does not: a longer log.
            for (TestLog each : List.of(log, ahead)) {
                each.clients.acknowledged().keepBeside(directory.resolve("custody.slots"), "one");
            }
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            TestLog.awaitAll(projector);
            ahead.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            ahead.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();

            assertThatThrownBy(projector
                            .passed(List.of(Topic.CONSENTS), partition, Duration.ofMillis(500))
                            .toCompletableFuture()::join)
                    .hasCauseInstanceOf(RegisterBehind.class);
            // Others of the same topic continue.
            caughtUp(projector, Topic.CONSENTS, (partition + 1) % TestLog.PARTITIONS);
            log.publish(Topic.CONSENTS, id, Events.withdrawn(id)).join();
            caughtUp(projector, Topic.CONSENTS, partition);
        }
    }

    @Test
    void a_process_takes_over_what_another_leaves() throws Exception {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register one = Register.open(settings);
                Register two = Register.open(settings);
                Projecting staying = log.project(one)) {
            try (Projecting leaving = log.project(two)) {
                log.publishDelivered(50);
                TestLog.awaitAll(staying);
                TestLog.awaitAll(leaving);
            }
            log.publishDelivered(50);
            TestLog.awaitAll(staying);

            assertThat(export(one)).isEqualTo(rebuilt(log));
        }
    }

    @Test
    void a_question_that_cannot_be_answered_in_time_fails() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            KafkaClients nowhere = new KafkaClients(new EventLogSettings(
                    "127.0.0.1:1",
                    Map.of(),
                    log.clients.settings().topicPrefix(),
                    TestLog.PARTITIONS,
                    1,
                    Duration.ofHours(1)));
            try (Projecting projector = Projecting.start(nowhere, log.codec, register)) {
                CompletableFuture<PassedEnds> answer = projector
                        .passed(List.of(Topic.CONSENTS), 0, Duration.ofMillis(300))
                        .toCompletableFuture();

                assertThatThrownBy(answer::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(RegisterBehind.class);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(projector.health()).isInstanceOf(RegisterHealth.Interrupted.class));
            }
        }
    }

    @Test
    void questions_about_what_is_not_projected_are_refused() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            assertThatThrownBy(() -> projector.passed(List.of(Topic.SIGNUPS), 0, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                            () -> projector.passed(List.of(Topic.CONSENTS), TestLog.PARTITIONS, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_register_of_another_log_is_not_written_to() {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            register.claim(new LogSource("another-cluster", ""), List.of());
            String before = export(register);
            try (Projecting projector = log.project(register)) {
                log.publishDelivered(3);
                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(() -> assertThat(projector.health())
                                .isInstanceOfSatisfying(
                                        RegisterHealth.Interrupted.class,
                                        health -> assertThat(health.reason()).contains("another Kafka cluster")));
                assertThat(export(register)).isEqualTo(before);
                assertThat(projector.projector().ours()).isEmpty();

                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});

                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(
                                () -> assertThat(projector.health()).isInstanceOf(RegisterHealth.Following.class));
            }
        }
    }

    @Test
    void a_register_of_another_log_answers_nothing_about_this_one_however_far_it_is() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                FreshRegister asked = FreshRegister.of(log.clients, register)) {
            UUID id = Events.signupId();
            log.publish(Topic.CONSENTS, id, Events.granted(id)).join();
            LogPartition partition = new LogPartition(Topic.CONSENTS, log.partition(id));
            register.claim(new LogSource("another-cluster", ""), List.of(partition));
            applyAt(register, partition, 0, 1_000, new EventBatch());

            assertThatThrownBy(asked.passed(List.of(Topic.CONSENTS), partition.partition(), Duration.ofSeconds(1))
                            .toCompletableFuture()::join)
                    .hasCauseInstanceOf(RegisterBehind.class);
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health())
                            .isInstanceOfSatisfying(
                                    RegisterHealth.Interrupted.class,
                                    health -> assertThat(health.reason()).contains("another Kafka cluster")));
        }
    }

    @Test
    void a_reader_is_told_that_nothing_is_projected_and_that_a_register_stays_behind() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                FreshRegister asked = FreshRegister.of(log.clients, register)) {
            log.publishDelivered(3);
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health()).isInstanceOf(RegisterHealth.Starting.class));
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(asked.health()).isEqualTo(new RegisterHealth.Following(0)));

            log.publishDelivered(3);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(asked.health())
                            .isInstanceOfSatisfying(
                                    RegisterHealth.Behind.class,
                                    health -> assertThat(health.eventsBehind()).isEqualTo(15)));
        }
    }

    @Test
    void a_log_that_has_lost_events_is_noticed() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            log.publishDelivered(10);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            long position = register.position(Topic.CONSENTS, 0);
            applyAt(register, new LogPartition(Topic.CONSENTS, 0), position, position + 1, new EventBatch());
            try (Projecting projector = log.project(register)) {
                await().atMost(1, TimeUnit.MINUTES)
                        .untilAsserted(() -> assertThat(projector.health())
                                .isInstanceOfSatisfying(
                                        RegisterHealth.Interrupted.class,
                                        health -> assertThat(health.reason()).contains("not in the log")));
            }
        }
    }

    // ---- rebuild

    @Test
    void a_rebuilt_register_has_the_same_text() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(200);
            log.publishTo(Topic.CONSENTS, 0, Events.policy("2026-11-01", "text", Events.NOON))
                    .join();
            log.publishTo(Topic.HANDOFFS, 0, Events.directory(Events.NOON, "fjord-markets", "Fjord"))
                    .join();
            UUID withdrawn = Events.signupId();
            log.publish(Topic.CONSENTS, withdrawn, Events.withdrawn(withdrawn)).join();
            for (SpecificRecord event : List.of(
                    Events.assigned(withdrawn, "fjord-markets", 0),
                    Events.released(withdrawn, "fjord-markets"),
                    Events.sent(withdrawn, "fjord-markets", 1, NoticeOutcome.FAILED),
                    Events.escalated(withdrawn, "fjord-markets", EscalationReason.SILENT),
                    Events.confirmed(withdrawn, "fjord-markets", Events.NOON))) {
                log.publish(Topic.HANDOFFS, withdrawn, event).join();
            }
            TestLog.awaitAll(projector);
            register.ended(List.of(NoticeCause.withdrawal(withdrawn)));
            String projected = export(register);

            List<Long> progress = Collections.synchronizedList(new ArrayList<>());
            RegisterRebuild.Result result =
                    RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> progress.add(done));

            assertThat(result).isEqualTo(new RegisterRebuild.Result(1_008, 0));
            assertThat(progress).last().isEqualTo(1_008L);
            assertThat(export(register)).isEqualTo(projected).isEqualTo(rebuilt(log));
            // Progress is not a fact: ended ones are examined again.
            assertThat(register.noticesInProgress()).isNotEmpty();

            // The projector finds its positions unchanged, or moves to the current ones.
            log.publishDelivered(20);
            TestLog.awaitAll(projector);
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }

    @Test
    void a_rebuild_during_projection_neither_loses_nor_doubles_events() throws Exception {
        ExecutorService publishing = Executors.newSingleThreadExecutor();
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            log.publishDelivered(100);
            TestLog.awaitAll(projector);
            Future<?> published = publishing.submit(() -> log.publishDelivered(3_000));
            for (int i = 0; i < 3; i++) {
                RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            }
            published.get(60, TimeUnit.SECONDS);
            TestLog.awaitAll(projector);

            assertThat(export(register)).isEqualTo(rebuilt(log));
        } finally {
            publishing.shutdownNow();
        }
    }

    @Test
    void a_rebuild_that_fails_leaves_the_rows_as_they_were() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty())) {
            log.publishDelivered(10);
            RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {});
            String before = export(register);
            log.publishDelivered(10);

            assertThatThrownBy(() -> RegisterRebuild.run(log.clients, log.codec, register, (done, total) -> {
                        throw new IllegalStateException("stopped");
                    }))
                    .hasMessage("stopped");

            assertThat(export(register)).isEqualTo(before);
        }
    }

    @Tag("faults")
    @Test
    void a_process_killed_while_it_projects_neither_loses_nor_doubles_events() throws Exception {
        RegisterSettings settings = empty();
        int signups = Boolean.getBoolean("handoff.test.long") ? 12_000 : 4_000;
        try (TestLog log = new TestLog();
                Register register = Register.open(settings)) {
            log.publishDelivered(signups);
            for (double share : new double[] {0.05, 0.3, 0.6}) {
                Process process = ProjectingProcess.fork(log.clients.settings(), settings);
                try {
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> !process.isAlive() || projected(register) > share * 5 * signups);
                    assertThat(process.isAlive()).isTrue();
                } finally {
                    process.destroyForcibly().waitFor();
                }
                assertThat(projected(register)).isLessThan(5L * signups);
            }
            try (Projecting projector = log.project(register)) {
                TestLog.awaitAll(projector);
            }

            assertThat(projected(register)).isEqualTo(5L * signups);
            assertThat(export(register)).isEqualTo(rebuilt(log));
        }
    }

    @Test
    void the_command_line_rebuilds_and_exports(@TempDir Path directory) {
        RegisterSettings settings = empty();
        try (TestLog log = new TestLog()) {
            log.publishDelivered(10);
            Map<String, String> environment = new HashMap<>(Map.of(
                    "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", log.clients.settings().bootstrapServers(),
                    "HANDOFF_TOPIC_PREFIX", log.clients.settings().topicPrefix(),
                    "HANDOFF_PARTITIONS", String.valueOf(TestLog.PARTITIONS),
                    "HANDOFF_REGISTER_URL", settings.url(),
                    "HANDOFF_API_KEYS_FILE", "unused",
                    "HANDOFF_BROKERS_FILE", "unused"));
            settings.user().ifPresent(user -> environment.put("HANDOFF_REGISTER_USER", user));
            settings.password().ifPresent(password -> {
                Path file = directory.resolve("password");
                assertThatCode(() -> {
                            Files.writeString(file, password + "\n");
                            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                        })
                        .doesNotThrowAnyException();
                environment.put("HANDOFF_REGISTER_PASSWORD_FILE", file.toString());
            });

            assertThat(RegisterMain.commandLine(environment).execute("rebuild")).isZero();
            Path output = directory.resolve("register.txt");
            assertThat(RegisterMain.commandLine(environment).execute("export", "--output", output.toString()))
                    .isZero();
            assertThat(output).hasContent(rebuilt(log));

            log.append(Topic.CONSENTS, 0, new byte[] {1});
            assertThat(RegisterMain.commandLine(environment).execute("rebuild")).isEqualTo(1);
        }
    }

    // ----

    private static long projected(Register register) {
        return register.positions().values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean has(Register register, PassedEnds passed, UUID id) {
        return register.past(passed, view -> view.status(id).isPresent());
    }

    private static void caughtUp(Projecting projector, Topic topic, int partition) {
        projector
                .passed(List.of(topic), partition, TestLog.LIMIT)
                .toCompletableFuture()
                .join();
    }

    /** The text of a register rebuilt in a separate database. */
    private String rebuilt(TestLog log) {
        try (Register fresh = Register.open(empty())) {
            RegisterRebuild.run(log.clients, log.codec, fresh, (done, total) -> {});
            return export(fresh);
        }
    }

    static String export(Register register) {
        StringWriter text = new StringWriter();
        try {
            register.export(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void apply(Register register, Topic topic, SpecificRecord event) {
        EventBatch batch = new EventBatch();
        batch.add(topic, new Decoded.Event(event));
        assertThat(batch.unreadable()).isZero();
        apply(register, batch);
    }

    private static void apply(Register register, EventBatch batch) {
        try {
            register.apply(batch, new TreeMap<>());
        } catch (PositionMoved e) {
            throw new IllegalStateException(e);
        }
    }

    private static void applyAt(Register register, LogPartition partition, long from, long to, EventBatch batch) {
        try {
            register.apply(batch, new TreeMap<>(Map.of(partition, new RegisterWriter.Step(from, to))));
        } catch (PositionMoved e) {
            throw new IllegalStateException(e);
        }
    }
}
