package org.brokerhandoff.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.LeafPromise.Outcome;
import org.junit.jupiter.api.Test;

class LeafPromiseTest {
    /** Entry n of the sample has this time plus n seconds. */
    private static final Instant ENTRY_0 = Instant.ofEpochSecond(1_764_324_900);

    private final SampleLedger ledger = SampleLedger.filled();
    private final EvidenceBundle bundle = ledger.bundle(0);
    private final Leaf.Present committed = (Leaf.Present) bundle.events().get(0).leaf();

    private static LeafPromise promise(Leaf.Present leaf, Instant committedBy) {
        return LeafPromise.of(SampleLedger.ORIGIN, leaf, committedBy, Duration.ZERO);
    }

    private Leaf.Present neverCommitted() {
        return new Leaf.Present(
                new Leaf.Place("consents", committed.place().partition(), 1_000_000),
                committed.appendedAt(),
                committed.key(),
                committed.headers(),
                committed.value());
    }

    @Test
    void a_promise_is_kept_by_the_leaf_in_the_evidence() {
        assertThat(promise(committed, ENTRY_0).judge(bundle)).isEqualTo(new Outcome.Kept(ENTRY_0));
        assertThat(promise(committed, ENTRY_0.minusSeconds(1)).judge(bundle)).isEqualTo(new Outcome.KeptLate(ENTRY_0));
    }

    @Test
    void an_event_that_was_never_committed_convicts_once_the_ledgers_newest_entry_is_younger_than_was_promised() {
        Instant newest = ENTRY_0.plusSeconds(2);

        assertThat(promise(neverCommitted(), newest).judge(bundle)).isEqualTo(new Outcome.NotDue(newest));
        assertThat(promise(neverCommitted(), newest.minusSeconds(1)).judge(bundle))
                .isEqualTo(new Outcome.Broken(newest));
        EvidenceBundle absent = ledger.bundle(100);
        assertThat(promise(neverCommitted(), newest.minusSeconds(1)).judge(absent))
                .isEqualTo(new Outcome.Broken(newest));
    }

    @Test
    void another_leaf_at_the_promised_place_convicts_at_once() {
        Leaf.Present changed = new Leaf.Present(
                committed.place(),
                committed.appendedAt(),
                committed.key(),
                committed.headers(),
                Optional.of(new byte[] {1}));

        assertThat(promise(changed, ENTRY_0.plusSeconds(1_000)).judge(bundle)).isEqualTo(new Outcome.Changed(0));
    }

    @Test
    void evidence_of_another_ledger_says_nothing_of_the_promise() {
        assertThat(LeafPromise.of("another/ledger/1", committed, ENTRY_0, Duration.ZERO)
                        .judge(bundle))
                .isEqualTo(new Outcome.OtherLedger(SampleLedger.ORIGIN));
    }

    @Test
    void a_promise_names_place_time_and_hash_and_is_to_the_millisecond() {
        LeafPromise promise =
                LeafPromise.of("a/ledger/1", committed, ENTRY_0.plusNanos(1_234_567), Duration.ofHours(24));

        assertThat(promise)
                .isEqualTo(new LeafPromise(
                        "a/ledger/1",
                        committed.place(),
                        committed.appendedAt(),
                        committed.hash(),
                        ENTRY_0.plusMillis(1).plus(Duration.ofHours(24))));
    }
}
