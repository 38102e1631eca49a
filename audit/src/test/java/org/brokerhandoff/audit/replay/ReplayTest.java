package org.brokerhandoff.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PingOutcome;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.ReleasedSchemas;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    private static final DirectoryPublished DIRECTORY = Life.directory(RECEIVED);

    @Test
    void a_life_with_a_refusal_comes_out_the_same() {
        ReplayReport report = replay(
                LIFE.granted(), LIFE.assigned(FJORD, 0, 10), LIFE.refused(FJORD, 20), LIFE.assigned(NORDLYS, 1, 50));

        assertThat(report.equal()).isTrue();
        assertThat(report.counts().assigned()).isEqualTo(2);
        assertThat(report.counts().overtaken()).isZero();
        assertThat(report.render()).contains("2 (100.0 %)");
    }

    @Test
    void a_signup_that_waits_because_it_is_restricted_leaves_every_decision_as_it_was() {
        Rights restriction = new Rights(LIFE, new UUID(3, 1), RightsType.RESTRICTION);
        Parked parked = new Parked(LIFE.granted().getSignupId(), FJORD, LIFE.at(25), ParkingReason.RESTRICTED);
        ReplayReport report = replay(
                LIFE.granted(),
                restriction.requested(5, HoldingFound.HANDOFF_STARTED, 1),
                LIFE.assigned(FJORD, 0, 10),
                LIFE.refused(FJORD, 20),
                parked,
                restriction.refused(900),
                LIFE.assigned(NORDLYS, 1, 950),
                restriction.sent(NORDLYS, 1, 960, NoticeOutcome.REFUSED),
                restriction.refusedBy(NORDLYS, 961));

        assertThat(report.equal()).isTrue();
        assertThat(report.counts().assigned()).isEqualTo(2);
    }

    @Test
    void a_broker_that_declined_is_passed_over() {
        ReplayReport report = replay(
                LIFE.granted(),
                declined(FJORD),
                LIFE.assigned(
                        DIRECTORY,
                        Purpose.BROKER_HANDOFF,
                        Map.of(FJORD, org.brokerhandoff.event.ExclusionReason.PING_DECLINED),
                        Map.of(),
                        0,
                        30));

        assertThat(report.equal()).isTrue();
    }

    @Test
    void an_agreement_that_had_ended_excludes_its_broker_in_the_replay_and_one_that_had_not_does_not() {
        DirectoryPublished ended = endingOn(LocalDate.of(2026, 11, 21));
        ReplayReport right =
                replay(ended, LIFE.granted(), LIFE.assigned(ended, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10));
        assertThat(right.equal()).isTrue();
        // A router that gave it a signup all the same.
        ReplayReport wrong = replay(
                ended,
                LIFE.granted(),
                Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                        .setDirectoryDigest(ended.getDigest())
                        .build());
        assertThat(wrong.equal()).isFalse();

        DirectoryPublished lastDay = endingOn(LocalDate.of(2026, 11, 22));
        ReplayReport excludedTooEarly = replay(
                lastDay,
                LIFE.granted(),
                Assigned.newBuilder(LIFE.assigned(ended, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10))
                        .setDirectoryDigest(lastDay.getDigest())
                        .build());
        assertThat(excludedTooEarly.equal()).isFalse();
    }

    @Test
    void a_broker_that_the_country_excludes_is_excluded_in_the_replay_and_in_another_country_it_is_not() {
        DirectoryPublished excluded = excludedIn("NO");
        ReplayReport right = replay(
                excluded, LIFE.granted(), LIFE.assigned(excluded, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10));
        assertThat(right.equal()).isTrue();
        // A router that gave it a signup all the same, and one that excluded it where nothing does.
        ReplayReport wrong = replay(
                excluded,
                LIFE.granted(),
                Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                        .setDirectoryDigest(excluded.getDigest())
                        .build());
        assertThat(wrong.equal()).isFalse();
        DirectoryPublished elsewhere = excludedIn("SE");
        ReplayReport withoutReason = replay(
                elsewhere,
                LIFE.granted(),
                Assigned.newBuilder(LIFE.assigned(excluded, Purpose.BROKER_HANDOFF, Map.of(), Map.of(), 0, 10))
                        .setDirectoryDigest(elsewhere.getDigest())
                        .build());
        assertThat(withoutReason.equal()).isFalse();
    }

    private static DirectoryPublished excludedIn(String country) {
        return DirectoryPublished.newBuilder(Life.directory(
                        Life.broker(FJORD, 1).setExcludedIn(List.of(country)).build(),
                        Life.broker(NORDLYS, 2).build()))
                .setPublishedAt(RECEIVED.minusSeconds(3600))
                .build();
    }

    private static DirectoryPublished endingOn(LocalDate lastDay) {
        return DirectoryPublished.newBuilder(Life.directory(
                        Life.broker(FJORD, 1).setAgreementValidUntil(lastDay).build(),
                        Life.broker(NORDLYS, 2).build()))
                .setPublishedAt(RECEIVED.minusSeconds(3600))
                .build();
    }

    @Test
    void a_decision_that_another_routers_record_overtook_is_right_and_counted() {
        ReplayReport report = replay(LIFE.granted(), declined(FJORD), LIFE.assigned(FJORD, 0, 30));

        assertThat(report.equal()).isTrue();
        assertThat(report.counts().overtaken()).isEqualTo(1);
    }

    @Test
    void a_refusal_that_came_later_explains_nothing() {
        ReplayReport report = replay(LIFE.granted(), LIFE.assigned(NORDLYS, 0, 10), LIFE.refused(FJORD, 20));

        assertThat(report.equal()).isFalse();
        assertThat(report.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.what()).isEqualTo("decision"));
    }

    @Test
    void other_inputs_than_the_person_consented_to_are_found() {
        ReplayReport report = replay(
                ConsentGranted.newBuilder(LIFE.granted()).setJurisdiction("SE").build(), LIFE.assigned(FJORD, 0, 10));

        assertThat(report.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.what()).isEqualTo("inputs");
            assertThat(difference.expected()).contains("SE");
            assertThat(difference.actual()).contains("NO");
        });
    }

    @Test
    void a_directory_that_was_never_published_or_not_under_its_digest_is_told() {
        ReplayReport report = replay(
                LIFE.granted(),
                Assigned.newBuilder(LIFE.assigned(FJORD, 0, 10))
                        .setDirectoryDigest(new Digest(new byte[32]))
                        .build());
        assertThat(report.equal()).isFalse();
        assertThat(report.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.what()).isEqualTo("directory"));

        DirectoryPublished changed = DirectoryPublished.newBuilder(DIRECTORY)
                .setBrokers(List.of(Life.broker(FJORD, 1).setPing(true).build()))
                .build();
        assertThat(Directories.of(List.of(changed), Life.CODEC).mislabelled()).containsExactly(DIRECTORY.getDigest());
        assertThat(Directories.of(List.of(DIRECTORY), Life.CODEC).mislabelled()).isEmpty();
    }

    @Test
    void a_directory_published_under_an_older_schema_has_the_digest_of_that_schemas_encoding() throws IOException {
        Schema older = ReleasedSchemas.all().stream()
                .filter(schema -> schema.getName().equals("DirectoryPublished"))
                .findFirst()
                .orElseThrow();
        assertThat(older.getField("brokers").schema().getElementType().getField("kind"))
                .as("a schema before there were kinds")
                .isNull();
        DirectoryPublished same = Life.directory(Life.broker(FJORD, 1).build());
        Digest olderDigest = Digests.sha256(encodedBy(older, same.getBrokers().get(0)));
        DirectoryPublished published =
                DirectoryPublished.newBuilder(same).setDigest(olderDigest).build();
        DirectoryPublished needsNewer = DirectoryPublished.newBuilder(
                        Life.directory(Life.broker(FJORD, 1).setPing(true).build()))
                .setDigest(olderDigest)
                .build();

        assertThat(olderDigest).isNotEqualTo(same.getDigest());
        assertThat(Directories.of(List.of(published), Life.CODEC).mislabelled()).isEmpty();
        // Fields unknown to the older schema could otherwise be changed under the same digest.
        assertThat(Directories.of(List.of(needsNewer), Life.CODEC).mislabelled())
                .containsExactly(olderDigest);
    }

    /** As that version of the router wrote it, with a zero digest and time. */
    private static byte[] encodedBy(Schema schema, PublishedBroker broker) throws IOException {
        Schema ofBroker = schema.getField("brokers").schema().getElementType();
        GenericRecord written = new GenericData.Record(ofBroker);
        written.put("id", broker.getId());
        written.put("name", broker.getName());
        written.put("privacyPolicy", broker.getPrivacyPolicy());
        written.put("countries", broker.getCountries());
        written.put("languages", broker.getLanguages());
        written.put("transferDefault", broker.getTransferDefault());
        written.put("transferCountries", broker.getTransferCountries());
        written.put("priority", broker.getPriority());
        written.put("weight", broker.getWeight());
        written.put(
                "status",
                new GenericData.EnumSymbol(
                        ofBroker.getField("status").schema(), broker.getStatus().name()));
        GenericRecord directory = new GenericData.Record(schema);
        directory.put("digest", new GenericData.Fixed(schema.getField("digest").schema(), new byte[32]));
        directory.put("publishedAt", 0L);
        directory.put("brokers", List.of(written));
        ByteBuffer message = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(directory);
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    @Test
    void an_older_version_counts_while_routers_change_over_and_no_longer() {
        DirectoryPublished older = at(Life.directory(Life.broker(FJORD, 1).build()), 0);
        DirectoryPublished newer = at(
                Life.directory(Life.broker(FJORD, 1)
                        .setHours(new OpeningHours("UTC", List.of("Mon 09:00-10:00")))
                        .build()),
                3_600_000);
        Directories directories = Directories.of(List.of(newer, older), Life.CODEC);
        Instant change = newer.getPublishedAt();

        assertThat(directories.inForce(FJORD, RECEIVED)).hasSize(1);
        assertThat(directories.inForce(FJORD, change.plus(Directories.TOLERANCE).minusMillis(1)))
                .hasSize(2);
        assertThat(directories.inForce(FJORD, change.plus(Directories.TOLERANCE)))
                .singleElement()
                .satisfies(facts -> assertThat(facts.hours()).isPresent());
        assertThat(directories.permits("unknown", change, facts -> false)).isTrue();
    }

    @Test
    void places_are_granted_once_more_in_the_order_of_the_log() {
        PlaceBook book = new PlaceBook();
        Life second = new Life(new UUID(7, 10), 0, RECEIVED);
        Life third = new Life(new UUID(7, 11), 0, RECEIVED);
        Instant hour = RECEIVED;

        assertThat(book.take(LIFE.place(FJORD, 5, 1))).isTrue();
        assertThat(book.take(second.place(FJORD, 6, 1))).isFalse();
        assertThat(book.take(LIFE.placeReleased(FJORD, 7))).isFalse();
        assertThat(book.take(third.place(FJORD, 8, 1))).isTrue();

        assertThat(book.mostInHour(FJORD, hour)).isEqualTo(1);
        assertThat(book.requests()).isEqualTo(3);
        assertThat(book.granted()).isEqualTo(2);
    }

    @Test
    void a_place_stays_counted_however_many_days_of_places_follow() {
        PlaceBook book = new PlaceBook();
        book.take(LIFE.place(FJORD, 5, 1));
        for (int day = 1; day <= 20; day++) {
            PlaceRequested later = new Life(new UUID(8, day), 0, RECEIVED)
                    .place(FJORD, Duration.ofDays(day).toMillis(), 1);
            assertThat(book.take(later)).isTrue();
        }

        assertThat(book.mostInHour(FJORD, RECEIVED)).isEqualTo(1);
    }

    @Test
    void what_a_signup_was_granted_is_its_own_until_it_is_given_back_and_again_when_it_is_granted_again() {
        Grants grants = new Grants();
        grants.granted(LIFE.place(FJORD, 5, 1));
        assertThat(grants.at(FJORD, RECEIVED))
                .get()
                .satisfies(grant -> assertThat(grant.released()).isFalse());
        assertThat(grants.at(Life.NORDLYS, RECEIVED)).isEmpty();

        grants.released(LIFE.placeReleased(FJORD, 7));
        assertThat(grants.at(FJORD, RECEIVED))
                .get()
                .satisfies(grant -> assertThat(grant.released()).isTrue());

        grants.granted(LIFE.place(FJORD, 8, 1));
        assertThat(grants.at(FJORD, RECEIVED))
                .get()
                .satisfies(grant -> assertThat(grant.released()).isFalse());
    }

    private static DirectoryPublished at(DirectoryPublished directory, long millis) {
        return DirectoryPublished.newBuilder(directory)
                .setPublishedAt(LIFE.at(millis))
                .build();
    }

    private static PingMade declined(String broker) {
        return new PingMade(SignupIds.fixed(LIFE.id()), broker, 0, LIFE.at(12), LIFE.at(15), PingOutcome.DECLINED, 422);
    }

    private static ReplayReport replay(SpecificRecord... events) {
        List<DirectoryPublished> directories = new ArrayList<>(List.of(DIRECTORY));
        for (SpecificRecord event : events) {
            if (event instanceof DirectoryPublished directory) {
                directories.add(directory);
            }
        }
        Replay replay = new Replay(Directories.of(directories, Life.CODEC), new PlaceBook(), signup -> true);
        for (SpecificRecord event : events) {
            replay.take(event, "handoffs-0@0");
        }
        replay.endPartition();
        return replay.report();
    }
}
