package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.headers;
import static org.brokerhandoff.audit.verify.SampleHistories.keyed;
import static org.brokerhandoff.audit.verify.SampleHistories.raw;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violations of the rules on the log itself: each is found by its rule and by no other. */
class LogRulesTest {
    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "log-complete",
                        "the beginning of a topic is gone",
                        delivered().lose(Topic.HANDOFFS, 3)),
                breach(
                        "record-readable",
                        "garbage",
                        delivered().writeRaw(raw(new Decoded.Undecodable(), Optional.empty()))),
                breach(
                        "record-readable",
                        "a schema that was never released",
                        delivered().writeRaw(raw(new Decoded.UnknownSchema(3), Optional.empty()))),
                breach(
                        "record-content",
                        "a text that is not of its kind",
                        delivered()
                                .writeRaw(raw(
                                        new Decoded.Event(LIFE.assigned("kari@example.no", 0, 10)),
                                        Optional.of("Assigned.broker is not a broker-id")))),
                breach(
                        "record-topic",
                        "an event of another topic",
                        delivered().writeRaw(Records.of(Topic.HANDOFFS, 0, new SegmentMarker(RECEIVED)))),
                breach(
                        "record-identity",
                        "another event's id",
                        delivered().tamper(Delivered.class, r -> headers(r, Optional.of("x"), r.eventType()))),
                breach(
                        "record-identity",
                        "no type",
                        delivered().tamper(Purged.class, r -> headers(r, r.eventId(), Optional.empty()))),
                breach("record-key", "another key", delivered().tamper(Assigned.class, r -> keyed(r, new UUID(7, 8)))),
                breach(
                        "policy-repeats-agree",
                        "a policy published again with another text",
                        delivered()
                                .write(PolicyPublished.newBuilder(Life.policy(RECEIVED))
                                        .setDigest(Digests.sha256("quietly changed"))
                                        .build())),
                breach(
                        "repeats-agree",
                        "a purge published again with another reason",
                        undeliverable()
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.HANDOFF_STARTED, 55),
                                        LIFE.purged(PurgeReason.WITHDRAWN, 61))),
                breach(
                        "repeats-agree",
                        "a consent published again with more recipients",
                        delivered()
                                .write(ConsentGranted.newBuilder(LIFE.granted())
                                        .setRecipients(List.of(FJORD, NORDLYS, "third"))
                                        .build())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
