package org.brokerhandoff.register.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.SignupOwner;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeedRulesTest {
    static {
        // Registers the event classes as trusted with Avro, as every service does before it builds its first event.
        new EventCodec();
    }

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID SIGNUP = UUID.fromString("0199d2a4-7c31-7abc-8def-0123456789ab");
    private static final UUID REQUEST = UUID.fromString("4f0c1d9e-5b0a-8c56-9a53-0d5b1f3f8e11");
    private static final RandomId REQUEST_ID = new RandomId(SignupIds.bytes(REQUEST));

    static Stream<Arguments> told() {
        return Stream.of(
                Arguments.of(
                        Assigned.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setBroker("fjord-markets")
                                .setHop(1)
                                .setDirectoryDigest(Digests.sha256("directory"))
                                .setDecidedAt(NOON)
                                .setCountry("NO")
                                .setLanguage("nb")
                                .setRecipients(List.of("fjord-markets", "nordlys-invest"))
                                .setCandidates(List.of())
                                .setExclusions(List.of())
                                .build(),
                        "signup.assigned",
                        "'signupId':'" + SIGNUP + "','broker':'fjord-markets'"),
                Arguments.of(
                        Delivered.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setBroker("fjord-markets")
                                .setAttempt(1)
                                .setStartedAt(NOON.minusSeconds(1))
                                .setAcceptedAt(NOON)
                                .setDuplicate(false)
                                .setStatus(200)
                                .build(),
                        "signup.delivered",
                        "'signupId':'" + SIGNUP + "','broker':'fjord-markets'"),
                Arguments.of(
                        Undeliverable.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setDecidedAt(NOON)
                                .setReason(UndeliverableReason.ALL_REFUSED)
                                .setDirectoryDigest(Digests.sha256("directory"))
                                .setCountry("NO")
                                .setRecipients(List.of("fjord-markets"))
                                .setExclusions(List.of())
                                .build(),
                        "signup.undeliverable",
                        "'signupId':'" + SIGNUP + "','reason':'ALL_REFUSED'"),
                Arguments.of(
                        Purged.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setReason(PurgeReason.DELIVERED)
                                .setLevel(PurgeLevel.UNREACHABLE)
                                .setKeyErasedAt(NOON.minusSeconds(2))
                                .setReadBack(ReadBack.DIRECT)
                                .setSlot(7)
                                .setGeneration(1)
                                .setPurgedAt(NOON)
                                .build(),
                        "signup.purged",
                        "'signupId':'" + SIGNUP + "','reason':'DELIVERED','level':'UNREACHABLE'"),
                Arguments.of(
                        ConsentWithdrawn.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setWithdrawnAt(NOON)
                                .setMethod(WithdrawalMethod.E_MAIL)
                                .setOutcome(WithdrawalOutcome.HANDOFF_STARTED)
                                .setActor("website-1")
                                .build(),
                        "withdrawal.recorded",
                        "'signupId':'" + SIGNUP + "','outcome':'HANDOFF_STARTED','method':'e-mail'"),
                Arguments.of(
                        confirmed(NoticeType.WITHDRAWAL, null),
                        "withdrawal.confirmed",
                        "'signupId':'" + SIGNUP + "','broker':'fjord-markets'"),
                Arguments.of(
                        confirmed(NoticeType.ERASURE, REQUEST_ID),
                        "request.completed",
                        "'signupId':'" + SIGNUP + "','requestId':'" + REQUEST
                                + "','right':'erasure','broker':'fjord-markets'"),
                Arguments.of(
                        NoticeRefused.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setBroker("fjord-markets")
                                .setType(NoticeType.OBJECTION)
                                .setRefusedAt(NOON)
                                .setGround(RightsGround.LEGAL_CLAIMS)
                                .setRequestId(REQUEST_ID)
                                .build(),
                        "request.refused",
                        "'signupId':'" + SIGNUP + "','requestId':'" + REQUEST
                                + "','right':'objection','broker':'fjord-markets','ground':'legal-claims'"),
                Arguments.of(
                        new RightsRequestDecided(
                                SignupIds.fixed(SIGNUP),
                                REQUEST_ID,
                                NOON,
                                RequestDecision.REFUSED,
                                RightsGround.LEGAL_CLAIMS,
                                "admin-1"),
                        "request.decided",
                        "'signupId':'" + SIGNUP + "','requestId':'" + REQUEST
                                + "','decision':'refused','ground':'legal-claims'"),
                Arguments.of(
                        new RightsRequestExtended(
                                SignupIds.fixed(SIGNUP),
                                REQUEST_ID,
                                NOON,
                                NOON.plusSeconds(60),
                                ExtensionReason.COMPLEXITY,
                                "admin-1"),
                        "request.extended",
                        "'signupId':'" + SIGNUP + "','requestId':'" + REQUEST
                                + "','dueAt':'2026-11-22T12:01:00Z','reason':'complexity'"),
                Arguments.of(
                        DisclosureQuestionAsked.newBuilder()
                                .setSignupId(SignupIds.fixed(SIGNUP))
                                .setRequestId(new RandomId(new byte[16]))
                                .setQuestionId(REQUEST_ID)
                                .setAskedAt(NOON)
                                .setAnswerBy(NOON.plusSeconds(60))
                                .setActor("admin-1")
                                .build(),
                        "question.pending",
                        "'signupId':'" + SIGNUP + "','questionId':'" + REQUEST + "','answerBy':'2026-11-22T12:01:00Z'"),
                Arguments.of(
                        suspended(NOON),
                        "broker.suspended",
                        "'broker':'fjord-markets','reason':'gone','until':'2026-11-22T12:05:00Z'"),
                Arguments.of(
                        new BrokerResumed("fjord-markets", REQUEST_ID, NOON),
                        "broker.resumed",
                        "'broker':'fjord-markets'"));
    }

    private static NoticeConfirmed confirmed(NoticeType type, @Nullable RandomId request) {
        return new NoticeConfirmed(SignupIds.fixed(SIGNUP), "fjord-markets", type, NOON, request);
    }

    private static BrokerSuspended suspended(Instant at) {
        return new BrokerSuspended("fjord-markets", REQUEST_ID, at, SuspensionReason.GONE, 410, NOON.plusSeconds(300));
    }

    @ParameterizedTest
    @MethodSource("told")
    void an_event_becomes_an_entry_of_ids_and_facts(SpecificRecord event, String type, String data) {
        FeedEntry entry = FeedRules.entry(event).orElseThrow();

        assertThat(entry.toJson())
                .isEqualTo(("{'id':'" + entry.id() + "','type':'" + type
                                + "','timestamp':'2026-11-22T12:00:00Z','data':{" + data + "}}")
                        .replace('\'', '"'));
        assertThat(entry.id()).matches("evt_[0-9a-f]{32}");
        assertThat(FeedRules.entry(event)).describedAs("told again").hasValue(entry);
    }

    @Test
    void each_event_that_is_read_for_the_feed_has_its_entry_and_each_type_of_entry_its_event() {
        List<Class<?>> read = told().map(each -> each.get()[0].getClass()).collect(Collectors.toList());
        assertThat(read).containsAll(FeedRules.TOLD);
        assertThat(FeedRules.TOLD)
                .containsAll(read.stream()
                        .map(type -> type.asSubclass(SpecificRecord.class))
                        .toList());
        List<String> types = told().map(each -> (String) each.get()[1]).collect(Collectors.toList());
        types.add("request.deadline-near");
        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(FeedType.values()).map(FeedType::wireName).toList());
        assertThat(types).allSatisfy(name -> assertThat(FeedType.named(name)).isPresent());
    }

    @Test
    void two_facts_have_two_ids_and_the_time_at_which_a_fact_was_recorded_is_no_part_of_its_id() {
        String delivered = FeedRules.entry(confirmed(NoticeType.ERASURE, REQUEST_ID))
                .orElseThrow()
                .id();

        assertThat(FeedRules.entry(confirmed(NoticeType.RESTRICTION, REQUEST_ID))
                        .orElseThrow()
                        .id())
                .isNotEqualTo(delivered);
        assertThat(FeedRules.entry(new NoticeConfirmed(
                                SignupIds.fixed(SIGNUP),
                                "fjord-markets",
                                NoticeType.ERASURE,
                                NOON.plusSeconds(9),
                                REQUEST_ID))
                        .orElseThrow()
                        .id())
                .isEqualTo(delivered);
        assertThat(FeedRules.entry(suspended(NOON)).orElseThrow().id())
                .isNotEqualTo(FeedRules.entry(suspended(NOON.plusSeconds(600)))
                        .orElseThrow()
                        .id());
    }

    @Test
    void what_a_website_has_no_use_for_is_not_told() {
        assertThat(FeedRules.entry(AttemptMade.newBuilder()
                        .setSignupId(SignupIds.fixed(SIGNUP))
                        .setBroker("fjord-markets")
                        .setAttempt(1)
                        .setStartedAt(NOON)
                        .setEndedAt(NOON)
                        .setOutcome(AttemptOutcome.UNKNOWN)
                        .build()))
                .isEmpty();
    }

    @Test
    void an_entry_is_told_to_its_owner_alone_and_one_of_nobodys_signup_to_nobody() {
        FeedEntry delivered = entry("signup.delivered");
        Map<UUID, SignupOwner> own = Map.of(SIGNUP, new SignupOwner(Optional.of("website-1"), Optional.empty()));
        Map<UUID, SignupOwner> unrecorded = Map.of(SIGNUP, new SignupOwner(Optional.empty(), Optional.empty()));

        assertThat(FeedRules.told(delivered, own, (id, owner) -> owner.equals(Optional.of("website-1"))))
                .hasValue(delivered);
        assertThat(FeedRules.told(delivered, own, (id, owner) -> owner.equals(Optional.of("website-2"))))
                .isEmpty();
        assertThat(FeedRules.told(delivered, Map.of(), (id, owner) -> true)).isEmpty();
        assertThat(FeedRules.told(delivered, unrecorded, (id, owner) -> owner.isEmpty()))
                .hasValue(delivered);
        assertThat(FeedRules.told(entry("broker.suspended"), Map.of(), (id, owner) -> false))
                .isPresent();
    }

    @Test
    void of_a_rectifications_new_data_is_told_that_the_request_is_completed_or_refused_and_nothing_else() {
        UUID signup = UUID.fromString("0199d2a4-7c31-7abc-8def-000000000001");
        Map<UUID, SignupOwner> whose = Map.of(
                SIGNUP,
                new SignupOwner(Optional.of("website-1"), Optional.of(new SignupOwner.Rectified(signup, REQUEST))));
        String head = "{'signupId':'" + signup + "','requestId':'" + REQUEST + "','right':'rectification',";

        assertThat(FeedRules.told(entry("signup.delivered"), whose, (id, owner) -> id.equals(signup))
                        .orElseThrow()
                        .toJson())
                .contains("\"request.completed\"", (head + "'broker':'fjord-markets'}").replace('\'', '"'));
        assertThat(FeedRules.told(entry("signup.undeliverable"), whose, (id, owner) -> true)
                        .orElseThrow()
                        .toJson())
                .contains("\"request.refused\"", (head + "'reason':'ALL_REFUSED'}").replace('\'', '"'));
        for (String type : List.of("signup.assigned", "signup.purged", "withdrawal.recorded")) {
            assertThat(FeedRules.told(entry(type), whose, (id, owner) -> true)).isEmpty();
        }
        assertThat(FeedRules.told(entry("signup.delivered"), whose, (id, owner) -> false))
                .isEmpty();
    }

    private static FeedEntry entry(String type) {
        return told().filter(each -> each.get()[1].equals(type))
                .map(each -> FeedRules.entry((SpecificRecord) each.get()[0]).orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_deadline_is_told_of_a_week_before_in_the_order_in_which_they_are_due_and_between_two_moments() {
        OpenRightsRequest first = open("00000000-0000-4000-8000-000000000001", NOON);
        OpenRightsRequest second = open("00000000-0000-4000-8000-000000000002", NOON);
        OpenRightsRequest later = open("00000000-0000-4000-8000-000000000000", NOON.plusSeconds(5));
        List<OpenRightsRequest> all = List.of(later, second, first);
        Instant week = NOON.minus(Duration.ofDays(7));

        assertThat(FeedRules.deadlines(all, Instant.EPOCH, NOON)).containsExactly(first, second, later);
        assertThat(FeedRules.deadlines(all, week, week.plusSeconds(5)))
                .describedAs("from, inclusive, until, exclusive")
                .containsExactly(first, second);
        assertThat(FeedRules.deadlines(all, week.plusMillis(1), NOON)).containsExactly(later);
        assertThat(FeedRules.deadlines(all, Instant.EPOCH, week)).isEmpty();
    }

    @Test
    void a_request_that_is_due_within_a_week_of_its_coming_is_told_of_when_it_comes() {
        Instant requestedAt = NOON.minus(Duration.ofDays(3));
        OpenRightsRequest request = new OpenRightsRequest(SIGNUP, REQUEST, RightsType.OBJECTION, requestedAt, NOON);

        assertThat(FeedRules.toldAt(request)).isEqualTo(requestedAt);
        assertThat(FeedRules.deadlines(List.of(request), requestedAt, requestedAt.plusMillis(1)))
                .containsExactly(request);
    }

    @Test
    void a_request_that_was_put_off_is_told_of_again_as_another_fact() {
        OpenRightsRequest request = open(REQUEST.toString(), NOON);
        FeedEntry entry = FeedRules.deadlineNear(request);

        assertThat(entry.toJson())
                .isEqualTo(("{'id':'" + entry.id()
                                + "','type':'request.deadline-near','timestamp':'2026-11-15T12:00:00Z','data':{'signupId':'"
                                + SIGNUP + "','requestId':'" + REQUEST
                                + "','right':'objection','dueAt':'2026-11-22T12:00:00Z'}}")
                        .replace('\'', '"'));
        assertThat(FeedRules.deadlineNear(request)).isEqualTo(entry);
        assertThat(FeedRules.deadlineNear(open(REQUEST.toString(), NOON.plusSeconds(1)))
                        .id())
                .isNotEqualTo(entry.id());
        assertThat(entry.signupId()).isEqualTo(Optional.of(SIGNUP));
    }

    private static OpenRightsRequest open(String request, Instant dueAt) {
        return new OpenRightsRequest(
                SIGNUP, UUID.fromString(request), RightsType.OBJECTION, NOON.minus(Duration.ofDays(30)), dueAt);
    }
}
