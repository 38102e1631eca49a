package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.LedgerTimes.Existed;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.junit.jupiter.api.Test;

class LedgerTimesTest {
    private static final Instant APPENDED = Instant.parse("2026-11-28T10:00:00Z");

    /** The sample's records have this time, and all its entries state that nothing before is missing. */
    private static final Instant SAMPLE = Instant.ofEpochMilli(1_764_324_894_000L);

    private final EvidenceBundle bundle = SampleLedger.filled().bundle(0);

    private static Leaf.Present record(Instant appendedAt) {
        return new Leaf.Present(
                new Leaf.Place("consents", 0, 7), appendedAt, Optional.empty(), List.of(), Optional.empty());
    }

    private Judgement.Accepted head(Map<String, Instant> cosigned) throws Exception {
        Checkpoint checkpoint = Checkpoint.parse(bundle.checkpoint().text());
        return new Judgement.Accepted(checkpoint, Judgement.Level.WITNESSED, cosigned);
    }

    @Test
    void a_record_older_than_what_was_settled_before_it_is_dated_back() {
        long settled = APPENDED.plusSeconds(60).toEpochMilli();
        assertThat(LedgerTimes.datedBack(record(APPENDED), settled)).isEmpty();
        assertThat(LedgerTimes.datedBack(record(APPENDED), settled + 1))
                .hasValueSatisfying(why -> assertThat(why).startsWith("dated-back: consents-0@7"));
        assertThat(LedgerTimes.datedBack(record(APPENDED), 0)).isEmpty();
    }

    @Test
    void a_record_younger_than_a_checkpoint_over_it_is_dated_ahead() {
        Existed existed = new Existed(APPENDED.minusSeconds(60), false);
        assertThat(LedgerTimes.datedAhead(record(APPENDED), existed)).isEmpty();
        assertThat(LedgerTimes.datedAhead(record(APPENDED.plusMillis(1)), existed))
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("dated-ahead: consents-0@7").doesNotContain("operator's clock"));
        assertThat(LedgerTimes.datedAhead(record(APPENDED.plusMillis(1)), new Existed(APPENDED.minusSeconds(60), true)))
                .hasValueSatisfying(why -> assertThat(why).contains("operator's clock"));
    }

    @Test
    void a_checkpoint_that_leaves_open_more_than_was_promised_is_settled_late() throws Exception {
        Duration promise = Duration.ofHours(24);
        assertThat(LedgerTimes.of(bundle, head(Map.of("w", SAMPLE.plus(promise))), promise))
                .isEmpty();
        assertThat(LedgerTimes.of(bundle, head(Map.of("w", SAMPLE.plus(promise).plusMillis(1))), promise))
                .singleElement()
                .asString()
                .startsWith("settled-late: by entry 2");
    }

    @Test
    void evidence_is_held_against_its_earliest_cosignature_or_else_the_operators_clock() throws Exception {
        assertThat(LedgerTimes.of(bundle, head(Map.of()), Duration.ofHours(24))).isEmpty();
        assertThat(LedgerTimes.of(
                        bundle, head(Map.of("late", SAMPLE, "early", SAMPLE.minusSeconds(61))), Duration.ofHours(24)))
                .hasSameSizeAs(bundle.events())
                .allSatisfy(why -> assertThat(why).startsWith("dated-ahead: "));
    }
}
