package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A register's content about people's requests, with any database. */
abstract class RequestContract extends DatabaseContract {
    private static final Instant ASKED = Events.NOON.plusSeconds(100);
    private static final Instant DUE = ASKED.plus(Duration.ofDays(30));
    private static final Instant LATER = ASKED.plus(Duration.ofDays(90));

    private static RandomId id(UUID request) {
        return new RandomId(SignupIds.bytes(request));
    }

    private static RightsRequested requested(UUID signup, UUID request, RightsType type, @Nullable HoldingFound found) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setRequestId(id(request))
                .setType(type)
                .setRequestedAt(ASKED)
                .setDueAt(DUE)
                .setMethod(RequestMethod.WEBSITE)
                .setFound(found)
                .setAttempts(1)
                .setActor("website-1")
                .build();
    }

    private static RightsRequestExtended extended(UUID signup, UUID request, Instant dueAt) {
        return new RightsRequestExtended(
                SignupIds.fixed(signup),
                id(request),
                ASKED.plusSeconds(1),
                dueAt,
                ExtensionReason.COMPLEXITY,
                "officer");
    }

    private static RightsRequestDecided decided(UUID signup, UUID request, RequestDecision decision) {
        return new RightsRequestDecided(
                SignupIds.fixed(signup),
                id(request),
                ASKED.plusSeconds(2),
                decision,
                RightsGround.COMPELLING_GROUNDS,
                "officer");
    }

    private static NoticeSent sent(UUID signup, UUID request, NoticeType type, int attempt, NoticeOutcome outcome) {
        return NoticeSent.newBuilder(Events.sent(signup, "fjord-markets", attempt, outcome))
                .setType(type)
                .setRequestedAt(ASKED)
                .setRequestId(id(request))
                .build();
    }

    private static NoticeRefused refused(UUID signup, UUID request, NoticeType type) {
        return NoticeRefused.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setBroker("fjord-markets")
                .setType(type)
                .setRefusedAt(ASKED.plusSeconds(9))
                .setGround(RightsGround.LEGAL_CLAIMS)
                .setRequestId(id(request))
                .build();
    }

    private static Topic topic(SpecificRecord event) {
        return Topic.CONSENTS.recordTypes().contains(event.getClass()) ? Topic.CONSENTS : Topic.HANDOFFS;
    }

    private static void apply(Register register, SpecificRecord... events) {
        for (SpecificRecord event : events) {
            apply(register, topic(event), event);
        }
    }

    /** All events of an objection after the handoff. */
    private static List<SpecificRecord> objection(UUID signup, UUID request) {
        return List.of(
                Events.granted(signup),
                Events.assigned(signup, "fjord-markets", 0),
                Events.delivered(signup, "fjord-markets"),
                requested(signup, request, RightsType.OBJECTION, HoldingFound.HANDOFF_STARTED),
                extended(signup, request, LATER),
                decided(signup, request, RequestDecision.REFUSED),
                sent(signup, request, NoticeType.OBJECTION, 2, NoticeOutcome.REFUSED),
                sent(signup, request, NoticeType.OBJECTION, 1, NoticeOutcome.NO_ANSWER),
                refused(signup, request, NoticeType.OBJECTION));
    }

    private static RightsRequest asItEnds(UUID request) {
        return new RightsRequest(
                request,
                RightsType.OBJECTION,
                ASKED,
                LATER,
                RequestMethod.WEBSITE,
                Optional.of(HoldingFound.HANDOFF_STARTED),
                Optional.empty(),
                Optional.of(new RightsRequest.Extension(ASKED.plusSeconds(1), ExtensionReason.COMPLEXITY)),
                Optional.of(new RightsRequest.Decision(
                        ASKED.plusSeconds(2), RequestDecision.REFUSED, RightsGround.COMPELLING_GROUNDS)),
                List.of(new OwedNotice(
                        "fjord-markets",
                        true,
                        2,
                        Optional.of(new OwedNotice.Sending(
                                Events.NOON.plusSeconds(32), NoticeOutcome.REFUSED, Optional.empty())),
                        Optional.empty(),
                        Optional.of(new OwedNotice.Refusal(ASKED.plusSeconds(9), RightsGround.LEGAL_CLAIMS)),
                        Map.of())));
    }

    @Test
    void a_request_reads_the_same_in_whatever_order_its_events_arrive() {
        Random random = new Random(20261129);
        try (Register register = Register.open(empty())) {
            for (int i = 0; i < 200; i++) {
                UUID signup = Events.signupId();
                UUID request = UUID.randomUUID();
                List<SpecificRecord> events = new ArrayList<>(objection(signup, request));
                Collections.shuffle(events, random);
                events.forEach(event -> apply(register, event));
                assertThat(register.requests(signup))
                        .as(
                                "%s",
                                events.stream()
                                        .map(each -> each.getClass().getSimpleName())
                                        .toList())
                        .containsExactly(asItEnds(request));
            }
            assertThat(register.openRequests())
                    .as("decided, but the notices are not ended yet")
                    .hasSize(200);
            register.ended(register.noticesInProgress().stream()
                    .map(NoticesInProgress::cause)
                    .toList());
            assertThat(register.openRequests()).isEmpty();
        }
    }

    @Test
    void of_a_request_that_is_published_again_the_first_holds_and_of_extensions_the_longest() {
        try (Register register = Register.open(empty())) {
            UUID signup = Events.signupId();
            UUID request = UUID.randomUUID();
            apply(
                    register,
                    requested(signup, request, RightsType.ERASURE, HoldingFound.HELD),
                    requested(signup, request, RightsType.ERASURE, HoldingFound.HANDOFF_STARTED),
                    decided(signup, request, RequestDecision.GRANTED),
                    decided(signup, request, RequestDecision.REFUSED),
                    extended(signup, request, LATER),
                    extended(signup, request, LATER.minusSeconds(1)));
            RightsRequest read = register.requests(signup).get(0);
            assertThat(read.found()).contains(HoldingFound.HELD);
            assertThat(read.dueAt()).isEqualTo(LATER);
            assertThat(read.decision()).map(RightsRequest.Decision::outcome).contains(RequestDecision.GRANTED);
            assertThat(read.recipients()).as("no broker was offered the data").isEmpty();
            assertThat(register.requests(Events.signupId())).isEmpty();
        }
    }

    @Test
    void the_holder_is_told_of_each_request_and_of_the_withdrawal_by_itself() {
        try (Register register = Register.open(empty())) {
            UUID signup = Events.signupId();
            UUID erasure = UUID.randomUUID();
            UUID restriction = UUID.randomUUID();
            UUID access = UUID.randomUUID();
            apply(
                    register,
                    requested(signup, erasure, RightsType.ERASURE, HoldingFound.HANDOFF_STARTED),
                    requested(signup, restriction, RightsType.RESTRICTION, HoldingFound.HANDOFF_STARTED),
                    requested(signup, access, RightsType.ACCESS, null));
            assertThat(register.noticesInProgress())
                    .as("no broker is known to hold it yet")
                    .hasSize(2)
                    .allMatch(each -> each.notices().isEmpty());
            apply(
                    register,
                    Events.granted(signup),
                    Events.withdrawn(signup),
                    Events.assigned(signup, "nordlys-invest", 0),
                    Events.refused(signup, "nordlys-invest"),
                    Events.assigned(signup, "fjord-markets", 1),
                    Events.delivered(signup, "fjord-markets"));
            assertThat(register.noticesInProgress())
                    .extracting(NoticesInProgress::type)
                    .containsExactlyInAnyOrder(NoticeType.WITHDRAWAL, NoticeType.ERASURE, NoticeType.RESTRICTION);
            assertThat(register.noticesInProgress())
                    .allSatisfy(each -> assertThat(each.notices())
                            .extracting(OwedNotice::broker)
                            .containsExactly("fjord-markets"));

            // The broker's answer to one says nothing about the others.
            apply(register, sent(signup, erasure, NoticeType.ERASURE, 1, NoticeOutcome.COMPLETED));
            apply(
                    register,
                    NoticeConfirmed.newBuilder(Events.confirmed(signup, "fjord-markets", ASKED.plusSeconds(8)))
                            .setType(NoticeType.ERASURE)
                            .setRequestId(id(erasure))
                            .build());
            apply(
                    register,
                    NoticeEscalated.newBuilder(Events.escalated(signup, "fjord-markets", EscalationReason.SILENT))
                            .setType(NoticeType.RESTRICTION)
                            .setRequestId(id(restriction))
                            .build());
            assertThat(register.requests(signup))
                    .filteredOn(request -> request.requestId().equals(erasure))
                    .singleElement()
                    .satisfies(request -> assertThat(request.recipients().get(0).confirmedAt())
                            .contains(ASKED.plusSeconds(8)));
            assertThat(register.requests(signup))
                    .filteredOn(request -> request.requestId().equals(restriction))
                    .singleElement()
                    .satisfies(request -> assertThat(request.recipients().get(0).escalations())
                            .containsKey(EscalationReason.SILENT));
            assertThat(register.requests(signup))
                    .filteredOn(request -> request.requestId().equals(access))
                    .singleElement()
                    .satisfies(request -> assertThat(request.recipients()).isEmpty());
            assertThat(register.status(signup)
                            .orElseThrow()
                            .withdrawal()
                            .orElseThrow()
                            .brokerConfirmedAt())
                    .isEmpty();
        }
    }

    @Test
    void an_objection_is_open_until_it_is_decided_or_the_data_is_gone_and_what_is_due_first_comes_first() {
        try (Register register = Register.open(empty())) {
            UUID held = Events.signupId();
            UUID asked = UUID.randomUUID();
            UUID decided = Events.signupId();
            UUID askedLater = UUID.randomUUID();
            apply(
                    register,
                    requested(held, asked, RightsType.OBJECTION, HoldingFound.HELD),
                    requested(decided, askedLater, RightsType.OBJECTION, HoldingFound.HELD),
                    requested(decided, UUID.randomUUID(), RightsType.PORTABILITY, null),
                    requested(decided, UUID.randomUUID(), RightsType.RESTRICTION, HoldingFound.HELD),
                    extended(held, asked, LATER));
            assertThat(register.openRequests())
                    .containsExactly(
                            new OpenRightsRequest(decided, askedLater, RightsType.OBJECTION, ASKED, DUE),
                            new OpenRightsRequest(held, asked, RightsType.OBJECTION, ASKED, LATER));
            apply(register, decided(decided, askedLater, RequestDecision.REFUSED));
            assertThat(register.openRequests())
                    .extracting(OpenRightsRequest::requestId)
                    .containsExactly(asked);
            apply(register, Topic.PURGES, Events.purged(held, PurgeReason.EXPIRED));
            assertThat(register.openRequests()).isEmpty();
        }
    }

    @Test
    void a_rebuilt_register_has_the_same_requests_byte_by_byte() {
        try (TestLog log = new TestLog();
                Register register = Register.open(empty());
                Projecting projector = log.project(register)) {
            for (int i = 0; i < 20; i++) {
                UUID signup = Events.signupId();
                for (SpecificRecord event : objection(signup, UUID.randomUUID())) {
                    log.publish(topic(event), signup, event).join();
                }
            }
            TestLog.awaitAll(projector);
            String projected = export(register);
            assertThat(projected.lines().filter(line -> line.startsWith("rights_request")))
                    .hasSize(20);
            try (Register fresh = Register.open(empty())) {
                RegisterRebuild.run(log.clients, log.codec, fresh, (done, total) -> {});
                assertThat(export(fresh)).isEqualTo(projected);
                assertThat(fresh.openRequests()).isEqualTo(register.openRequests());
            }
        }
    }
}
