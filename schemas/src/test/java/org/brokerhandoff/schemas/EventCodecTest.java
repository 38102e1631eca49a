package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.DirectoryId;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00.123Z");

    private final EventCodec codec = new EventCodec();

    private static Assigned assigned(String broker) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(new UUID(1, 2)))
                .setBroker(broker)
                .setHop(0)
                .setDirectoryDigest(Digests.sha256("directory"))
                .setDecidedAt(AT)
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("fjord-markets"))
                .setCandidates(List.of(new Candidate("fjord-markets", 1, 3)))
                .setExclusions(List.of(new Exclusion("nordlys-invest", ExclusionReason.NOT_IN_CONSENT)))
                .build();
    }

    @Test
    void an_event_comes_back_as_it_was() {
        Assigned event = assigned("fjord-markets");
        assertThat(codec.decode(codec.encode(event))).isEqualTo(new Decoded.Event(event));
    }

    @Test
    void the_value_starts_with_the_marker_and_the_fingerprint_of_the_schema() {
        byte[] value = codec.encode(assigned("fjord-markets"));
        assertThat(Arrays.copyOf(value, 2)).containsExactly(0xC3, 0x01);
        assertThat(Long.reverseBytes(ByteBuffer.wrap(value).getLong(2)))
                .isEqualTo(EventCodec.fingerprint(Assigned.getClassSchema()));
    }

    @Test
    void a_value_is_exact_only_if_an_encoder_writes_it_so() {
        byte[] value = codec.encode(assigned("fjord-markets"));
        assertThat(codec.isExact(value)).isTrue();

        assertThat(codec.isExact(Arrays.copyOf(value, value.length + 1)))
                .as("a byte behind")
                .isFalse();
        assertThat(codec.isExact(Arrays.copyOf(value, value.length - 1)))
                .as("cut")
                .isFalse();
        assertThat(codec.isExact(new byte[] {1, 2})).as("no event").isFalse();

        // LogErased: fingerprint, broker 0, then the list of directories: one of 16 bytes.
        byte[] look = codec.encode(LogErased.newBuilder()
                .setBroker(0)
                .setDirectories(List.of(new DirectoryId(new byte[16])))
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(0)
                .setLowestOffset(null)
                .setObservedAt(AT)
                .build());
        assertThat(codec.isExact(look)).isTrue();
        // The same list as a block that says how long it is, which a reader does not look at: -1, 99 bytes.
        ByteBuffer inBlocks = ByteBuffer.allocate(look.length + 2)
                .put(look, 0, 11)
                .put(new byte[] {1, (byte) 0xC6, 1})
                .put(look, 12, look.length - 12);
        assertThat(codec.decode(inBlocks.array())).isEqualTo(codec.decode(look));
        assertThat(codec.isExact(inBlocks.array())).isFalse();
    }

    @Test
    void a_string_that_is_not_of_its_kind_cannot_be_published_and_is_not_quoted() {
        assertThatThrownBy(() -> codec.encode(assigned("Kari Nordmann")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Assigned.broker is not a broker-id")
                .hasMessageNotContaining("Kari");
        Assigned nested = assigned("fjord-markets");
        Assigned withBadCandidate = Assigned.newBuilder(nested)
                .setCandidates(List.of(new Candidate("kari@example.no", 1, 1)))
                .build();
        assertThatThrownBy(() -> codec.encode(withBadCandidate)).hasMessage("Candidate.broker is not a broker-id");
    }

    @Test
    void an_unknown_fingerprint_is_reported_as_such() throws Exception {
        Schema other = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Other\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"}]}");
        GenericData.Record record = new GenericData.Record(other);
        record.put("a", 1L);
        ByteBuffer encoded = new BinaryMessageEncoder<GenericData.Record>(GenericData.get(), other).encode(record);
        byte[] value = new byte[encoded.remaining()];
        encoded.get(value);
        assertThat(codec.decode(value)).isEqualTo(new Decoded.UnknownSchema(EventCodec.fingerprint(other)));
    }

    @Test
    void no_bytes_make_the_decoder_throw() {
        Random random = new Random(7);
        byte[] good = codec.encode(assigned("fjord-markets"));
        for (int i = 0; i < 20_000; i++) {
            byte[] value = i % 2 == 0 ? good.clone() : new byte[random.nextInt(64)];
            if (i % 2 == 0) {
                value[10 + random.nextInt(value.length - 10)] = (byte) random.nextInt();
                value = Arrays.copyOf(value, 10 + random.nextInt(value.length - 10));
            } else {
                random.nextBytes(value);
            }
            assertThat(codec.decode(value)).isNotNull();
        }
    }

    @Test
    void the_same_fact_has_the_same_id() {
        assertThat(EventId.of(assigned("fjord-markets")))
                .isEqualTo("00000000-0000-0001-0000-000000000002/assigned/0")
                .isEqualTo(EventId.of(assigned("nordlys-invest")));
        assertThat(EventId.signup(assigned("fjord-markets"))).contains(new UUID(1, 2));
    }

    @Test
    void two_looks_at_the_same_files_are_two_facts_and_about_no_signup() {
        LogErased look = LogErased.newBuilder()
                .setBroker(2)
                .setDirectories(List.of())
                .setTopic(SealedTopic.SIGNUPS_PARKED)
                .setPartition(5)
                .setLowestOffset(12L)
                .setObservedAt(AT)
                .build();
        LogErased next =
                LogErased.newBuilder(look).setObservedAt(AT.plusMillis(1)).build();
        assertThat(EventId.of(look)).isEqualTo("log-erased/2/SIGNUPS_PARKED/5/" + AT.toEpochMilli());
        assertThat(EventId.of(next)).isNotEqualTo(EventId.of(look));
        assertThat(EventId.signup(look)).isEmpty();
    }

    @Test
    void an_account_of_finished_records_names_its_topic_partition_offset_and_time_and_is_about_no_single_signup() {
        RecordsFinished account = RecordsFinished.newBuilder()
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(5)
                .setFirstOffset(12)
                .setRecords(List.of(
                        new FinishedRecords(RecordEnd.ENDED, 1, List.of(SignupIds.fixed(new UUID(1, 2)))),
                        new FinishedRecords(RecordEnd.MARKER, 3, List.of())))
                .setFinishedAt(AT)
                .build();
        assertThat(codec.decode(codec.encode(account))).isEqualTo(new Decoded.Event(account));
        assertThat(EventId.of(account)).isEqualTo("finished/SIGNUPS/5/12/" + AT.toEpochMilli());
        assertThat(EventId.signup(account)).isEmpty();
    }
}
