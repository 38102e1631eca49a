package org.brokerhandoff.audit.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.junit.jupiter.api.Test;

class BlastRadiusTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    /** More than the maximum clock skew. */
    private static final Duration FAR = Duration.ofMinutes(2);

    private static BlastRadius radius(Instant from, Instant to, SpecificRecord... events) {
        ExposureFold fold = new ExposureFold();
        for (SpecificRecord event : events) {
            fold.add(event);
        }
        BlastRadius.Collector collector = new BlastRadius.Collector(from, to);
        fold.end(collector::add);
        return collector.found(to.plusSeconds(1));
    }

    private static BlastRadius delivered(Instant from, Instant to) {
        return radius(
                from,
                to,
                LIFE.granted(),
                LIFE.assigned(Life.FJORD, 0, 10),
                LIFE.delivered(Life.FJORD, 1, 20),
                LIFE.purged(PurgeReason.DELIVERED, 50));
    }

    @Test
    void a_signup_is_concerned_from_its_receipt_until_its_key_is_destroyed() {
        assertThat(delivered(RECEIVED.minus(FAR), RECEIVED.plus(FAR)).readable())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.signupId()).isEqualTo(LIFE.id());
                    assertThat(found.readableFrom()).isEqualTo(RECEIVED);
                    assertThat(found.readableTo()).isEqualTo(RECEIVED.plusMillis(50));
                    assertThat(found.stillHeld()).isFalse();
                    assertThat(found.country()).contains(LIFE.granted().getJurisdiction());
                    assertThat(found.sentTo()).containsExactly(Life.FJORD);
                });
        assertThat(delivered(RECEIVED.minus(FAR.multipliedBy(2)), RECEIVED.minus(FAR))
                        .readable())
                .as("not yet there")
                .isEmpty();
        BlastRadius after = delivered(RECEIVED.plus(FAR), RECEIVED.plus(FAR.multipliedBy(2)));
        assertThat(after.readable()).as("its key is gone").isEmpty();
        assertThat(after.signups()).isOne();
    }

    /** Two processes took the times: in doubt it was readable. */
    @Test
    void a_minute_on_either_side_counts_for_the_person() {
        assertThat(delivered(RECEIVED.minusSeconds(100), RECEIVED.minusSeconds(59))
                        .readable())
                .hasSize(1);
        assertThat(delivered(RECEIVED.plusSeconds(60), RECEIVED.plusSeconds(90)).readable())
                .hasSize(1);
        assertThat(delivered(RECEIVED.plusSeconds(61), RECEIVED.plusSeconds(90)).readable())
                .isEmpty();
    }

    @Test
    void what_is_held_still_is_readable_to_the_end() {
        Instant to = RECEIVED.plus(FAR);
        BlastRadius open = radius(RECEIVED, to, LIFE.granted());
        assertThat(open.readable()).singleElement().satisfies(found -> {
            assertThat(found.stillHeld()).isTrue();
            assertThat(found.readableTo()).isEqualTo(to);
        });
        assertThat(open.stillHeld()).isOne();
        // Its key was destroyed later.
        assertThat(delivered(RECEIVED.minus(FAR), RECEIVED.plusMillis(49)).stillHeld())
                .isOne();
        assertThat(delivered(RECEIVED.minus(FAR), RECEIVED.plusMillis(50)).stillHeld())
                .isZero();
    }

    @Test
    void without_its_key_a_record_counts_as_sealed_until_it_is_cut_or_the_retention_ends() {
        Purged cut = Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 50))
                .setCutConfirmedAt(RECEIVED.plus(Duration.ofMinutes(10)))
                .build();
        Instant before = RECEIVED.plus(Duration.ofMinutes(5));
        Instant behind = RECEIVED.plus(Duration.ofMinutes(20));
        assertThat(radius(before, before, LIFE.granted(), cut).sealedOnly()).isOne();
        assertThat(radius(behind, behind, LIFE.granted(), cut).sealedOnly()).isZero();
        Purged uncut = Purged.newBuilder(cut).setCutConfirmedAt(null).build();
        assertThat(radius(behind, behind, LIFE.granted(), uncut).sealedOnly()).isOne();
        Instant expired = RECEIVED.plus(Life.HOLD).plus(FAR);
        assertThat(radius(expired, expired, LIFE.granted(), uncut).sealedOnly()).isZero();
    }

    /** Its key was held, and ingest answered with an error: the person's data was present all the same. */
    @Test
    void a_request_that_was_never_accepted_counts_from_the_time_in_its_id() {
        UUID id = new UUID(RECEIVED.toEpochMilli() << 16 | 0x7000, 0x8000000000000001L);
        Life never = new Life(id, 0, RECEIVED);
        BlastRadius found = radius(
                RECEIVED.minus(FAR), RECEIVED.plus(FAR), never.purged(PurgeReason.EXPIRED, Life.HOLD.toMillis()));
        assertThat(found.readable()).singleElement().satisfies(each -> {
            assertThat(each.readableFrom()).isEqualTo(RECEIVED);
            assertThat(each.country()).isEmpty();
            assertThat(each.categories()).isEmpty();
        });
    }

    @Test
    void only_attempts_in_between_that_sent_something_count_as_disclosure() {
        Instant to = RECEIVED.plus(Duration.ofHours(2));
        BlastRadius found = radius(
                RECEIVED.minusSeconds(1),
                to,
                LIFE.granted(),
                LIFE.attempt(Life.FJORD, 1, 100, AttemptOutcome.NOT_SENT),
                LIFE.attempt(Life.NORDLYS, 2, 200, AttemptOutcome.UNKNOWN),
                LIFE.delivered(Life.FJORD, 3, Duration.ofHours(3).toMillis()));
        assertThat(found.readable())
                .singleElement()
                .satisfies(each -> assertThat(each.sentTo()).containsExactly(Life.NORDLYS));
    }

    @Test
    void numbers_are_by_country_category_and_recipient() {
        List<SpecificRecord> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Life life = new Life(new UUID(7, i), 0, RECEIVED);
            events.add(ConsentGranted.newBuilder(life.granted())
                    .setJurisdiction(i == 0 ? "SE" : "NO")
                    .setDataCategories(i == 0 ? List.of(DataCategory.IDENTITY) : List.of(DataCategory.CONTACT))
                    .build());
            events.add(life.delivered(i == 0 ? Life.NORDLYS : Life.FJORD, 1, 20));
        }
        BlastRadius found = radius(RECEIVED, RECEIVED.plusSeconds(1), events.toArray(SpecificRecord[]::new));
        assertThat(found.byCountry()).containsExactly(entry("NO", 2L), entry("SE", 1L));
        assertThat(found.byCategory())
                .containsExactly(entry(DataCategory.IDENTITY, 1L), entry(DataCategory.CONTACT, 2L));
        assertThat(found.byRecipient()).containsExactly(entry(Life.FJORD, 2L), entry(Life.NORDLYS, 1L));
    }

    @Test
    void the_end_may_not_be_before_the_beginning() {
        assertThatThrownBy(() -> new BlastRadius.Collector(RECEIVED, RECEIVED.minusMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_form_has_the_numbers_and_json_and_page_have_the_ids() throws IOException {
        BlastRadius found = delivered(RECEIVED.minus(FAR), RECEIVED.plus(FAR));
        BlastRadiusDocument document = new BlastRadiusDocument(found);
        assertThat(document.text())
                .contains("1 of 1 signup was readable")
                .doesNotContain(LIFE.id().toString());
        JsonNode json = new ObjectMapper().readTree(document.json());
        assertThat(json.path("readable").asInt()).isOne();
        assertThat(json.at("/concerned/0/signupId").asText())
                .isEqualTo(LIFE.id().toString());
        assertThat(json.at("/concerned/0/sentTo/0").asText()).isEqualTo(Life.FJORD);
        for (String language : Wording.languages()) {
            assertThat(document.html(Wording.in(language).orElseThrow()))
                    .contains("<html lang=\"" + language + "\">")
                    .contains(LIFE.id().toString())
                    .contains(Life.FJORD)
                    .doesNotContain("{0}")
                    .doesNotContain("<script");
        }
        assertThat(Optional.of(document.html(Wording.in("nb").orElseThrow())))
                .hasValueSatisfying(page -> assertThat(page).contains("Bostedsland"));
    }
}
