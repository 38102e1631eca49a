package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.capped;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.erased;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.parked;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways to hide a person in a kept topic that leave every event unchanged: each is found, and the text is not echoed. */
class ChannelsTest {
    private static final String PERSON = "kari.nordmann@example.no";

    private static History tampered(Class<? extends SpecificRecord> type, UnaryOperator<KeptRecord> change) {
        return delivered().tamper(type, change);
    }

    private static UnaryOperator<KeptRecord> withHeader(int index, String name, Optional<String> value) {
        return record -> Records.headers(record, headers -> {
            headers.add(index, new Leaf.Header(name, value.map(text -> text.getBytes(StandardCharsets.UTF_8))));
            return headers;
        });
    }

    private static UnaryOperator<KeptRecord> withValue(String header, String value) {
        return record -> Records.header(record, header, Optional.of(value));
    }

    private static UnaryOperator<KeptRecord> followedBy(String text) {
        return record -> Records.value(record, value -> {
            byte[] hidden = text.getBytes(StandardCharsets.UTF_8);
            byte[] longer = Arrays.copyOf(value, value.length + hidden.length);
            System.arraycopy(hidden, 0, longer, value.length, hidden.length);
            return longer;
        });
    }

    private static UnaryOperator<KeptRecord> keyed(String key) {
        return record -> Records.keyed(record, key.getBytes(StandardCharsets.UTF_8));
    }

    /** The hop, 0, follows the broker's id: in two bytes instead of one it is the same number. */
    private static byte[] withALongerNumber(byte[] value) {
        byte[] broker = FJORD.getBytes(StandardCharsets.UTF_8);
        int at = 10;
        while (!Arrays.equals(Arrays.copyOfRange(value, at, at + broker.length), broker)) {
            at++;
        }
        int hop = at + broker.length;
        byte[] longer = new byte[value.length + 1];
        System.arraycopy(value, 0, longer, 0, hop);
        longer[hop] = (byte) 0x80;
        System.arraycopy(value, hop, longer, hop + 1, value.length - hop);
        return longer;
    }

    static Stream<Arguments> channels() {
        return Stream.of(
                breach(
                        "record-exact",
                        "an extra header",
                        tampered(Delivered.class, withHeader(6, PERSON, Optional.empty()))),
                breach(
                        "record-exact",
                        "a header of a name like ours",
                        tampered(Purged.class, withHeader(0, "ce_subjects", Optional.of(PERSON)))),
                breach(
                        "record-exact",
                        "a trace, which sealed records alone may have",
                        tampered(
                                Purged.class,
                                withHeader(
                                        6,
                                        CloudEventHeaders.TRACEPARENT,
                                        Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")))),
                breach(
                        "record-exact",
                        "another subject",
                        tampered(Purged.class, withValue(CloudEventHeaders.SUBJECT, PERSON))),
                breach(
                        "record-exact",
                        "a second subject",
                        tampered(Purged.class, withHeader(0, CloudEventHeaders.SUBJECT, Optional.of(PERSON)))),
                breach(
                        "record-exact",
                        "a subject in an event that has none",
                        tampered(PolicyPublished.class, withValue(CloudEventHeaders.SUBJECT, PERSON))),
                breach(
                        "record-exact",
                        "another schema's name",
                        tampered(Delivered.class, withValue(CloudEventHeaders.DATASCHEMA, "urn:" + PERSON))),
                breach(
                        "record-exact",
                        "no schema's name",
                        tampered(
                                Delivered.class,
                                r -> Records.header(r, CloudEventHeaders.DATASCHEMA, Optional.empty()))),
                breach(
                        "record-exact",
                        "an id before the id",
                        tampered(Delivered.class, withHeader(0, CloudEventHeaders.ID, Optional.of(PERSON)))),
                breach(
                        "record-exact",
                        "a type before the type",
                        tampered(ConsentGranted.class, withHeader(0, CloudEventHeaders.TYPE, Optional.of(PERSON)))),
                breach(
                        "record-exact",
                        "a source before the source",
                        tampered(ConsentGranted.class, withHeader(0, CloudEventHeaders.SOURCE, Optional.empty()))),
                breach(
                        "record-exact",
                        "another specification",
                        tampered(Assigned.class, withValue(CloudEventHeaders.SPECVERSION, PERSON))),
                breach(
                        "record-exact",
                        "another media type",
                        tampered(
                                Assigned.class,
                                withValue(CloudEventHeaders.CONTENT_TYPE, "application/avro; " + PERSON))),
                breach(
                        "record-exact",
                        "an invalid time",
                        tampered(Assigned.class, withValue(CloudEventHeaders.TIME, PERSON))),
                breach(
                        "record-exact",
                        "a time written otherwise",
                        tampered(Assigned.class, withValue(CloudEventHeaders.TIME, "2026-11-22T13:00:00.000000000Z"))),
                breach(
                        "record-exact",
                        "no time",
                        tampered(Assigned.class, r -> Records.header(r, CloudEventHeaders.TIME, Optional.empty()))),
                breach("record-exact", "bytes after the body", tampered(Delivered.class, followedBy(PERSON))),
                breach("record-exact", "one byte after the body", tampered(PolicyPublished.class, followedBy("k"))),
                breach(
                        "record-exact",
                        "a number encoded longer than necessary",
                        tampered(Assigned.class, r -> Records.value(r, ChannelsTest::withALongerNumber))),
                breach(
                        "record-source",
                        "a person",
                        tampered(Delivered.class, withValue(CloudEventHeaders.SOURCE, "/handoff/kari-nordmann"))),
                breach(
                        "record-source",
                        "another installation",
                        tampered(Delivered.class, withValue(CloudEventHeaders.SOURCE, "/kari.nordmann/router"))),
                breach(
                        "record-source",
                        "ingest's consent",
                        tampered(ConsentGranted.class, withValue(CloudEventHeaders.SOURCE, "/handoff/router"))),
                breach(
                        "record-source",
                        "the router's purge",
                        tampered(Purged.class, withValue(CloudEventHeaders.SOURCE, "/handoff/erasure-agent"))),
                breach(
                        "record-source",
                        "the agent's report",
                        erased(LIFE.look(1, 900, 42L), LIFE.look(2, 900, 42L), LIFE.look(3, 900, 42L))
                                .tamper(LogErased.class, withValue(CloudEventHeaders.SOURCE, "/handoff/router"))),
                breach(
                        "record-key",
                        "of a scan of a broker's files",
                        erased(LIFE.look(1, 900, 42L), LIFE.look(2, 900, 42L), LIFE.look(3, 900, 42L))
                                .tamper(LogErased.class, keyed(PERSON))),
                breach("record-key", "of a policy", tampered(PolicyPublished.class, keyed(PERSON))),
                breach("record-key", "of a directory", tampered(DirectoryPublished.class, keyed(PERSON))),
                breach("record-key", "of an examination", tampered(CustodyExamined.class, keyed(PERSON))),
                breach("record-key", "of a place", capped().tamper(PlaceRequested.class, keyed(PERSON))),
                breach("record-key", "of another signup", tampered(Delivered.class, keyed(PERSON.substring(0, 16)))),
                breach(
                        "broker-published",
                        "a broker of no directory",
                        parked().change(
                                        Parked.class,
                                        e -> new Parked(
                                                e.getSignupId(),
                                                "kari-nordmann",
                                                e.getParkedAt(),
                                                ParkingReason.BROKER_UNAVAILABLE))));
    }

    @Test
    void records_of_before_installations_had_names_are_in_order_among_newer_ones() {
        assertThat(delivered()
                        .tamper(ConsentGranted.class, ChannelsTest::asBefore)
                        .tamper(Assigned.class, ChannelsTest::asBefore)
                        .tamper(PolicyPublished.class, ChannelsTest::asBefore)
                        .verdict(AFTER_THE_HOLD, true)
                        .violations())
                .isEmpty();
    }

    private static KeptRecord asBefore(KeptRecord record) {
        String service = EventEnvelope.service(record.source().orElseThrow()).orElseThrow();
        return Records.headers(withValue(CloudEventHeaders.SOURCE, service).apply(record), headers -> {
            headers.removeIf(header -> header.name().equals(CloudEventHeaders.SUBJECT)
                    || header.name().equals(CloudEventHeaders.DATASCHEMA));
            return headers;
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("channels")
    void what_no_schema_defines_is_found_and_not_quoted(String rule, String name, History history) {
        assertThat(history.verdict(AFTER_THE_HOLD, false).violations())
                .isNotEmpty()
                .noneSatisfy(violation -> assertThat(violation.sentence()).containsIgnoringCase("kari"));
        foundByItsRuleOnly(rule, history);
    }
}
