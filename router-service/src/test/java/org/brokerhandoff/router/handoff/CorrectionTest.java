package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Corrections of earlier signups, over a real slot file: they go to who has the signup, where it takes notices, and nowhere else. */
class CorrectionTest {
    private static final BrokerReply REFUSED =
            new BrokerReply.Answered(409, Optional.of(BrokerReply.Verdict.REJECTED), Optional.empty());
    private static final BrokerReply HAS_IT =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private static final BrokerReply LOST = new BrokerReply.NoReply(OptionalInt.empty());

    @TempDir
    Path directory;

    private final UUID id = UUID.randomUUID();
    private final UUID corrected = UUID.randomUUID();
    private SlotFile custody;
    private HandoffParts parts;
    private PendingSignup correction;

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 32, 32),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        Instant expiry = Instant.now().plus(Duration.ofMinutes(10));
        correction = HandoffParts.correction(custody, id, corrected, expiry, expiry.plusSeconds(60), "holder");
        parts = parts(directory(Broker.Status.ACTIVE));
    }

    private static BrokerDirectory directory(Broker.Status status) {
        return Examples.directory(
                Examples.notified(Examples.broker("holder", 2, 1), status),
                Examples.notified(Examples.broker("other", 1, 1), Broker.Status.ACTIVE));
    }

    private HandoffParts parts(BrokerDirectory brokers) {
        return new HandoffParts(
                custody,
                brokers,
                (broker, body, signature, limit) -> CompletableFuture.failedFuture(
                        new AssertionError("a correction was sent as a handoff to " + broker.id())),
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
    }

    @AfterEach
    void close() {
        parts.close();
        custody.close();
    }

    private HandoffEnd run() throws Exception {
        return parts.handoff
                .run(correction, History.NONE, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private <T extends SpecificRecord> List<T> events(Class<T> kind) {
        return parts.log.events(id).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static EraseReason reason(HandoffEnd end) {
        return ((HandoffEnd.Finished) end).slot().orElseThrow().reason().orElseThrow();
    }

    @Test
    void the_holder_gets_the_new_person_as_a_notice_about_the_signup_that_it_has() throws Exception {
        assertThat(reason(run())).isEqualTo(EraseReason.DELIVERED);

        assertThat(parts.corrections.bodies)
                .containsExactly("{\"signupId\":\"" + corrected + "\",\"type\":\"rectification\",\"requestedAt\":\""
                        + correction.receivedAt() + "\",\"requestId\":\"" + id
                        + "\",\"person\":{\"fullName\":\"Kari\"}}");
        assertThat(parts.corrections.webhookIds).containsExactly(corrected + "/rectification/" + id);
        assertThat(events(Assigned.class)).singleElement().satisfies(assigned -> {
            assertThat(assigned.getBroker()).isEqualTo("holder");
            assertThat(assigned.getPurpose()).isEqualTo(Purpose.RECTIFICATION);
            assertThat(assigned.getExclusions()).singleElement().satisfies(exclusion -> {
                assertThat(exclusion.getBroker()).isEqualTo("other");
                assertThat(exclusion.getReason()).isEqualTo(ExclusionReason.NOT_IN_CONSENT);
            });
        });
        assertThat(events(Delivered.class)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Broker.Status.class)
    void a_holder_is_told_whether_or_not_it_takes_signups(Broker.Status status) throws Exception {
        parts.directory = directory(status);
        assertThat(reason(run())).isEqualTo(EraseReason.DELIVERED);
        assertThat(parts.corrections.bodies).hasSize(1);
    }

    @Test
    void no_other_broker_gets_it_when_the_holder_refuses() throws Exception {
        parts.corrections.replies.add(REFUSED);
        assertThat(reason(run())).isEqualTo(EraseReason.UNDELIVERABLE);
        assertThat(parts.corrections.bodies).hasSize(1);
        assertThat(events(Refused.class)).hasSize(1);
        assertThat(events(Undeliverable.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429})
    void only_the_words_of_the_contract_refuse_it_and_no_status_suspends_the_broker(int status) throws Exception {
        for (int i = 0; i < 5; i++) {
            parts.corrections.replies.add(new BrokerReply.Answered(status, Optional.empty(), Optional.empty()));
        }
        assertThat(reason(run())).isEqualTo(EraseReason.DELIVERED);
        assertThat(parts.corrections.bodies).hasSize(6);
        assertThat(parts.corrections.bodies.stream().distinct()).hasSize(1);
        assertThat(parts.announced).noneMatch(BrokerSuspended.class::isInstance);
        assertThat(events(AttemptMade.class))
                .hasSize(5)
                .allMatch(attempt -> attempt.getOutcome() == AttemptOutcome.DEFERRED);
    }

    @Test
    void one_whose_reply_was_lost_is_asked_about_by_signup_and_request_before_it_is_sent_again() throws Exception {
        parts.corrections.replies.add(LOST);
        parts.corrections.answers.add(HAS_IT);
        assertThat(reason(run())).isEqualTo(EraseReason.DELIVERED);
        assertThat(parts.corrections.bodies).hasSize(1);
        assertThat(parts.corrections.asked).singleElement().satisfies(notice -> {
            assertThat(notice.signupId()).isEqualTo(corrected);
            assertThat(notice.requestId()).contains(id);
        });
    }

    @Test
    void one_that_the_holder_did_not_get_is_sent_again() throws Exception {
        parts.corrections.replies.add(LOST);
        assertThat(reason(run())).isEqualTo(EraseReason.DELIVERED);
        assertThat(parts.corrections.bodies).hasSize(2);
    }

    @Test
    void a_broker_whose_notices_fail_still_gets_handoffs() throws Exception {
        for (int i = 0; i < 40; i++) {
            parts.corrections.replies.add(new BrokerReply.Answered(500, Optional.empty(), Optional.empty()));
        }
        assertThat(run()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(parts.guards.of("holder").unavailable()).isFalse();
        assertThat(parts.guards.unavailableSince("holder")).isEmpty();
    }

    @Test
    void without_an_address_for_notices_it_waits() throws Exception {
        parts.directory = Examples.directory(Examples.broker("holder", 1, 1));
        assertThat(run()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(events(Parked.class))
                .singleElement()
                .satisfies(parked -> assertThat(parked.getReason()).isEqualTo(ParkingReason.BROKER_NOT_IN_DIRECTORY));
        assertThat(parts.corrections.bodies).isEmpty();
    }

    @Test
    void one_whose_reply_was_lost_waits_when_the_address_for_notices_is_taken_away() throws Exception {
        parts.corrections.replies.add(LOST);
        parts.corrections.beforeReply = () -> parts.directory = Examples.directory(Examples.broker("holder", 2, 1));
        assertThat(run()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(parts.corrections.bodies).hasSize(1);
        assertThat(parts.corrections.asked).isEmpty();
    }

    @Test
    void without_its_holder_in_the_directory_it_waits_for_it_to_come_back() throws Exception {
        parts.directory = Examples.directory(Examples.broker("other", 1, 1));
        assertThat(run()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(events(Undeliverable.class)).isEmpty();
        assertThat(events(Parked.class)).hasSize(1);
    }

    @Test
    void one_whose_key_was_destroyed_by_a_withdrawal_is_never_sent() throws Exception {
        custody.erase(new SlotReference(correction.slot(), correction.generation()), id, EraseReason.WITHDRAWN)
                .toCompletableFuture()
                .join();
        assertThat(reason(run())).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(parts.corrections.bodies).isEmpty();
    }
}
