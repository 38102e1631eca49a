package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Forger.plain;
import static org.brokerhandoff.bench.tampering.Tampering.found;
import static org.brokerhandoff.bench.tampering.Tampering.foundByRuleAlone;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.Topic;

/** Faults in records themselves: their bytes, keys, headers, times and places. */
final class RecordTamperings {
    private static final String PERSON = "kari.nordmann@example.no";
    private static final byte[] PERSON_BYTES = PERSON.getBytes(StandardCharsets.UTF_8);
    private static final Duration HOURS = Duration.ofHours(4);

    private RecordTamperings() {}

    static List<Tampering> all() {
        return List.of(
                found("log-complete", "the first record of consents is gone", f -> f.cut(Topic.CONSENTS, 1)),
                found("log-complete", "the first records of handoffs are gone", f -> f.cut(Topic.HANDOFFS, 3)),
                found("log-complete", "the first record of purges is gone", f -> f.cut(Topic.PURGES, 1)),
                found("log-complete", "the first record of places is gone", f -> f.cut(Topic.PLACES, 1)),
                found(
                        "log-complete",
                        "an assignment in the middle is gone and its offset is empty",
                        f -> f.hole(Assigned.class, plain())),
                found(
                        "record-readable",
                        "a purge's bytes end half way",
                        f -> f.raw(Purged.class, plain(), LeafChange.bytes(LeafChange::cut))),
                found(
                        "record-readable",
                        "an acceptance by a schema that was never released",
                        f -> f.raw(Delivered.class, plain(), LeafChange.bytes(LeafChange::foreignSchema))),
                found(
                        "record-readable",
                        "a consent without a value, as compaction takes for a deletion",
                        f -> f.raw(ConsentGranted.class, plain(), LeafChange.noValue())),
                found(
                        "record-readable",
                        "a person's text instead of an assignment",
                        f -> f.raw(Assigned.class, plain(), LeafChange.bytes(value -> PERSON_BYTES))),
                found(
                        "record-content",
                        "an e-mail address where a broker's id belongs",
                        f -> f.raw(
                                Assigned.class,
                                plain(),
                                LeafChange.bytes(value ->
                                        LeafChange.broker(value, f.log().codec(), PERSON)))),
                found(
                        "record-identity",
                        "a purge with the id of another event",
                        f -> f.raw(Purged.class, plain(), LeafChange.value(CloudEventHeaders.ID, "another"))),
                found(
                        "record-identity",
                        "an acceptance without id",
                        f -> f.raw(Delivered.class, plain(), LeafChange.without(CloudEventHeaders.ID))),
                found(
                        "record-identity",
                        "a consent with the type of another event",
                        f -> f.raw(
                                ConsentGranted.class,
                                plain(),
                                LeafChange.value(
                                        CloudEventHeaders.TYPE,
                                        Purged.getClassSchema().getFullName()))),
                found(
                        "record-key",
                        "an acceptance under a person's address",
                        f -> f.raw(Delivered.class, plain(), LeafChange.key(PERSON_BYTES))),
                found("record-key", "a purge without key", f -> f.raw(Purged.class, plain(), LeafChange.noKey())),
                found(
                        "record-key",
                        "a policy under a person's address",
                        f -> f.raw(PolicyPublished.class, any(), LeafChange.key(PERSON_BYTES))),
                found(
                        "record-key",
                        "a directory under a person's address",
                        f -> f.raw(DirectoryPublished.class, any(), LeafChange.key(PERSON_BYTES))),
                found(
                        "record-key",
                        "an account of records under a person's address",
                        f -> f.raw(RecordsFinished.class, any(), LeafChange.key(PERSON_BYTES))),
                found(
                        "record-key",
                        "a scan of a broker's files under a person's address",
                        f -> f.raw(LogErased.class, any(), LeafChange.key(PERSON_BYTES))),
                found(
                        "record-key",
                        "a choice of cookies under another visitor",
                        f -> f.raw(
                                CookieChoice.class,
                                any(),
                                LeafChange.key(PERSON.substring(0, 16).getBytes(StandardCharsets.UTF_8)))),
                found(
                        "record-key",
                        "a place under another broker",
                        f -> f.raw(
                                PlaceRequested.class,
                                any(),
                                LeafChange.key("another".getBytes(StandardCharsets.UTF_8)))),
                found(
                        "record-key",
                        "an acceptance in another partition than its signup",
                        f -> f.elsewhere(Delivered.class, plain())),
                found(
                        "record-key",
                        "a purge in another partition than its signup",
                        f -> f.elsewhere(Purged.class, plain())),
                found(
                        "record-exact",
                        "an extra header in a consent",
                        f -> f.raw(ConsentGranted.class, plain(), LeafChange.more("note", PERSON, false))),
                found(
                        "record-exact",
                        "a header of a name like ours in a purge",
                        f -> f.raw(Purged.class, plain(), LeafChange.more("ce_subject", PERSON, false))),
                found(
                        "record-exact",
                        "an id before the id of an acceptance",
                        f -> f.raw(Delivered.class, plain(), LeafChange.more(CloudEventHeaders.ID, PERSON, true))),
                found(
                        "record-exact",
                        "a source before the source of a request of a person",
                        f -> f.raw(
                                RightsRequested.class,
                                any(),
                                LeafChange.more(CloudEventHeaders.SOURCE, "/ingest", true))),
                found(
                        "record-exact",
                        "a person in the media type of an assignment",
                        f -> f.raw(
                                Assigned.class,
                                plain(),
                                LeafChange.value(CloudEventHeaders.CONTENT_TYPE, "application/avro; " + PERSON))),
                found(
                        "record-exact",
                        "another specification in an examination",
                        f -> f.raw(
                                CustodyExamined.class, any(), LeafChange.value(CloudEventHeaders.SPECVERSION, "0.3"))),
                found(
                        "record-exact",
                        "an invalid time in an account of records",
                        f -> f.raw(RecordsFinished.class, any(), LeafChange.value(CloudEventHeaders.TIME, PERSON))),
                found(
                        "record-exact",
                        "no time in a purge",
                        f -> f.raw(Purged.class, plain(), LeafChange.without(CloudEventHeaders.TIME))),
                found(
                        "record-exact",
                        "a person after an acceptance",
                        f -> f.raw(
                                Delivered.class,
                                plain(),
                                LeafChange.bytes(value -> LeafChange.followed(value, PERSON)))),
                found(
                        "record-exact",
                        "one byte after the operator's name",
                        f -> f.raw(
                                OperatorPublished.class,
                                any(),
                                LeafChange.bytes(value -> LeafChange.followed(value, "k")))),
                found(
                        "record-source",
                        "a consent that the router published",
                        f -> f.raw(
                                ConsentGranted.class, plain(), LeafChange.value(CloudEventHeaders.SOURCE, "/router"))),
                found(
                        "record-source",
                        "a purge that ingest published",
                        f -> f.raw(Purged.class, plain(), LeafChange.value(CloudEventHeaders.SOURCE, "/ingest"))),
                found(
                        "record-source",
                        "an acceptance that a person published",
                        f -> f.raw(
                                Delivered.class,
                                plain(),
                                LeafChange.value(CloudEventHeaders.SOURCE, "/kari-nordmann"))),
                foundByRuleAlone(
                        "record-append-time",
                        "a purge with a time that its producer gave",
                        f -> f.timedByProducer(Purged.class, plain())),
                foundByRuleAlone(
                        "record-append-time",
                        "a consent with a time that its producer gave",
                        f -> f.timedByProducer(ConsentGranted.class, plain())),
                found(
                        "dated-back",
                        "a purge that says that it was written hours before its append",
                        f -> f.raw(Purged.class, plain(), LeafChange.dated(HOURS.negated()))),
                found(
                        "dated-back",
                        "a policy that says that it was written hours before its append",
                        f -> f.raw(PolicyPublished.class, any(), LeafChange.dated(HOURS.negated()))),
                found(
                        "dated-ahead",
                        "an acceptance that says that it was written hours after its append",
                        f -> f.raw(Delivered.class, plain(), LeafChange.dated(HOURS))),
                found(
                        "dated-ahead",
                        "an attempt that says that it was written hours after its append",
                        f -> f.raw(AttemptMade.class, any(), LeafChange.dated(HOURS))),
                found(
                        "policy-repeats-agree",
                        "a policy published again with another text",
                        f -> f.again(
                                PolicyPublished.class,
                                any(),
                                e -> PolicyPublished.newBuilder(e)
                                        .setDigest(Digests.sha256("quietly changed"))
                                        .build())),
                found(
                        "repeats-agree",
                        "a consent published again with fewer recipients",
                        f -> f.again(
                                ConsentGranted.class,
                                (e, life) -> plain().test(e, life)
                                        && e.getRecipients().size() > 1,
                                e -> ConsentGranted.newBuilder(e)
                                        .setRecipients(e.getRecipients().subList(0, 1))
                                        .build())),
                found(
                        "repeats-agree",
                        "a request of a person published again with another right",
                        f -> f.again(
                                RightsRequested.class,
                                (e, life) -> e.getType() == RightsType.ACCESS,
                                e -> RightsRequested.newBuilder(e)
                                        .setType(RightsType.PORTABILITY)
                                        .build())));
    }
}
