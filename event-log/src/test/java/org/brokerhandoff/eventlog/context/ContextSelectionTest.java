package org.brokerhandoff.eventlog.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.context.ContextCatalog.Found;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** The selection for whole lives is tested with the audit's rules, in module audit: EvidenceAuditTest. */
class ContextSelectionTest {
    /** Created first: only then does Avro trust the event classes. */
    private static final EventCodec CODEC = new EventCodec();

    private static final Instant NOW = Instant.parse("2026-11-29T13:00:00Z");

    private final ContextCatalog catalog = new ContextCatalog();

    private void record(String eventId, long offset, Duration before) {
        record(eventId, offset, before, 0);
    }

    private void record(String eventId, long offset, Duration before, long entry) {
        catalog.add(new Found(entry, new Leaf.Place("handoffs", 1, offset), NOW.minus(before), eventId));
    }

    private List<Long> chosen(SpecificRecord event) {
        return ContextSelection.of(List.of(new ContextSelection.Event(event, NOW)), catalog, 1).stream()
                .map(found -> found.place().offset())
                .toList();
    }

    private static ConsentWithdrawn withdrawnAt(Instant moment) {
        ConsentWithdrawn withdrawn = ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(new UUID(7, 9)))
                .setOutcome(WithdrawalOutcome.HANDOFF_STARTED)
                .setMethod(WithdrawalMethod.RECEIPT)
                .setWithdrawnAt(moment)
                .build();
        assertThat(CODEC.encode(withdrawn)).isNotEmpty();
        return withdrawn;
    }

    @Test
    void of_directories_and_rules_per_country_those_are_chosen_that_may_have_held() {
        record("directory/aa", 1, Duration.ofDays(9));
        record("directory/bb", 2, Duration.ofDays(8));
        record("directory/cc", 3, Duration.ofMinutes(4));
        record("directory/dd", 4, Duration.ofMinutes(-4));
        record("directory/ee", 5, Duration.ofMinutes(-6));
        record("country-rules/aa/1", 6, Duration.ofDays(3));
        record("finished/SIGNUPS/1/2/3", 7, Duration.ZERO);
        record("log-erased/1/SIGNUPS/1/2", 8, Duration.ZERO);

        assertThat(chosen(withdrawnAt(NOW))).containsExactly(2L, 3L, 4L, 6L);
    }

    @Test
    void an_event_that_waited_for_kafka_is_judged_by_what_held_when_it_happened_as_well() {
        record("directory/aa", 1, Duration.ofDays(9));
        record("directory/bb", 2, Duration.ofDays(2));

        assertThat(chosen(withdrawnAt(NOW.minus(Duration.ofDays(3))))).containsExactly(1L, 2L);
    }

    @Test
    void what_the_checkpoint_does_not_cover_is_not_chosen() {
        record("directory/aa", 1, Duration.ofDays(9));
        record("directory/bb", 2, Duration.ofDays(2), 1);

        assertThat(chosen(withdrawnAt(NOW))).containsExactly(1L);
    }

    @Test
    void every_text_is_chosen_with_its_first_and_its_newest_publication() {
        record("policy/2026-11-01/nb", 1, Duration.ofDays(9));
        record("policy/2026-11-01/nb", 2, Duration.ofDays(8));
        record("policy/2026-11-01/nb", 3, Duration.ofDays(7));
        record("policy/COOKIES/2026-11-02/nb", 4, Duration.ofDays(6));
        record("policy/2027-01-01/nb", 5, Duration.ofDays(-1));

        assertThat(chosen(CookieChoice.newBuilder()
                        .setVisitorId(new RandomId(new byte[16]))
                        .setAccepted(List.of())
                        .setMethod(CookieChoiceMethod.BANNER)
                        .setChosenAt(NOW)
                        .setRecordedAt(NOW)
                        .setOwner("website")
                        .build()))
                .containsExactly(1L, 3L, 4L);
    }
}
