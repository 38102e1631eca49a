package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.router.purge.CompletionTracker.Account;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.junit.jupiter.api.Test;

class CompletionTrackerTest {
    /** The obvious way: every offset forever, with whether it is finished. */
    private static final class Model {
        final long start;
        final TreeMap<Long, Boolean> finished = new TreeMap<>();
        final TreeMap<Long, Boolean> signups = new TreeMap<>();
        final TreeMap<Long, Finish> accounted = new TreeMap<>();

        Model(long start) {
            this.start = start;
        }

        CompletionTracker.Completed completed() {
            long prefix = start;
            long lastSignup = start - 1;
            for (var each : finished.entrySet()) {
                long offset = each.getKey();
                if (!each.getValue()) {
                    return new CompletionTracker.Completed(prefix, lastSignup);
                }
                prefix = offset + 1;
                lastSignup = signups.getOrDefault(offset, false) ? offset : lastSignup;
            }
            return new CompletionTracker.Completed(prefix, lastSignup);
        }
    }

    @Test
    void it_agrees_with_a_naive_model_after_every_step_of_a_random_run() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            long next = random.nextInt(100);
            CompletionTracker tracker = new CompletionTracker(next);
            Model model = new Model(next);
            List<Long> open = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                if (open.isEmpty() || random.nextInt(100) < 45) {
                    next += random.nextInt(10) == 0 ? 1 + random.nextInt(5) : 0;
                    tracker.begin(next);
                    model.finished.put(next, false);
                    open.add(next);
                    next++;
                } else {
                    long offset = open.remove(random.nextInt(open.size()));
                    boolean signup = random.nextInt(4) != 0;
                    tracker.complete(offset, signup ? Finish.ended(new UUID(0, offset)) : Finish.MARKER);
                    model.finished.put(offset, true);
                    model.signups.put(offset, signup);
                }
                accountForAll(tracker, model.accounted);
                assertThat(tracker.completed()).isEqualTo(model.completed());
                assertThat(tracker.inFlight()).isEqualTo(open.size());
                assertThat(tracker.consumed()).isEqualTo(next);
            }
            Collections.shuffle(open, random);
            open.forEach(offset -> tracker.complete(offset, Finish.ended(new UUID(0, offset))));
            open.forEach(offset -> model.signups.put(offset, true));
            accountForAll(tracker, model.accounted);
            assertThat(tracker.completed().prefix()).isEqualTo(next);
            assertThat(model.accounted.keySet()).isEqualTo(model.finished.keySet());
            model.accounted.forEach((offset, finish) -> assertThat(finish)
                    .isEqualTo(
                            model.signups.getOrDefault(offset, false)
                                    ? Finish.ended(new UUID(0, offset))
                                    : Finish.MARKER));
        }
    }

    @Test
    void completing_twice_or_what_was_never_begun_changes_nothing() {
        CompletionTracker tracker = new CompletionTracker(5);
        tracker.begin(5);
        tracker.complete(9, Finish.SET_ASIDE);
        assertThat(tracker.completed().prefix()).isEqualTo(5);
        tracker.complete(5, Finish.SET_ASIDE);
        tracker.complete(5, Finish.MARKER);
        accountForAll(tracker, new TreeMap<>());
        assertThat(tracker.completed()).isEqualTo(new CompletionTracker.Completed(6, 5));
    }

    @Test
    void what_stands_before_the_start_may_have_to_be_cut_and_an_empty_partition_has_nothing() {
        assertThat(new CompletionTracker(5).completed()).isEqualTo(new CompletionTracker.Completed(5, 4));
        assertThat(new CompletionTracker(0).completed()).isEqualTo(new CompletionTracker.Completed(0, -1));
    }

    @Test
    void a_marker_alone_is_nothing_to_cut() {
        CompletionTracker tracker = new CompletionTracker(0);
        tracker.begin(0);
        tracker.complete(0, Finish.MARKER);
        accountForAll(tracker, new TreeMap<>());
        assertThat(tracker.completed()).isEqualTo(new CompletionTracker.Completed(1, -1));
    }

    @Test
    void what_the_log_has_not_acknowledged_may_be_neither_committed_nor_cut_and_is_told_again() {
        CompletionTracker tracker = new CompletionTracker(7);
        tracker.begin(7);
        tracker.begin(8);
        tracker.complete(8, Finish.ended(new UUID(0, 8)));
        assertThat(tracker.unaccounted()).isEmpty();
        tracker.complete(7, Finish.movedOn(new UUID(0, 7)));
        Account account = tracker.unaccounted().orElseThrow();
        assertThat(tracker.completed()).isEqualTo(new CompletionTracker.Completed(7, 6));
        assertThat(tracker.unaccounted()).contains(account);
        tracker.begin(9);
        tracker.complete(9, Finish.MARKER);
        tracker.accounted(account);
        assertThat(account)
                .isEqualTo(new Account(7, List.of(Finish.movedOn(new UUID(0, 7)), Finish.ended(new UUID(0, 8)))));
        assertThat(tracker.completed()).isEqualTo(new CompletionTracker.Completed(9, 8));
        assertThat(tracker.unaccounted()).contains(new Account(9, List.of(Finish.MARKER)));
    }

    @Test
    void of_an_offset_that_was_never_read_nothing_is_said() {
        CompletionTracker tracker = new CompletionTracker(0);
        tracker.begin(0);
        tracker.begin(5);
        tracker.complete(0, Finish.MARKER);
        tracker.complete(5, Finish.MARKER);
        TreeMap<Long, Finish> told = new TreeMap<>();
        accountForAll(tracker, told);
        assertThat(told.keySet()).containsExactly(0L, 5L);
    }

    @Test
    void an_account_is_no_larger_than_a_message_may_be() {
        CompletionTracker tracker = new CompletionTracker(0);
        for (long offset = 0; offset < CompletionTracker.LARGEST_ACCOUNT + 5; offset++) {
            tracker.begin(offset);
            tracker.complete(offset, Finish.ended(new UUID(1, offset)));
        }
        assertThat(tracker.unaccounted().orElseThrow().finishes()).hasSize(CompletionTracker.LARGEST_ACCOUNT);
        TreeMap<Long, Finish> told = new TreeMap<>();
        accountForAll(tracker, told);
        assertThat(told).hasSize(CompletionTracker.LARGEST_ACCOUNT + 5);
    }

    private static void accountForAll(CompletionTracker tracker, Map<Long, Finish> told) {
        for (Optional<Account> account = tracker.unaccounted(); account.isPresent(); account = tracker.unaccounted()) {
            for (int i = 0; i < account.get().finishes().size(); i++) {
                assertThat(told.put(
                                account.get().firstOffset() + i,
                                account.get().finishes().get(i)))
                        .isNull();
            }
            tracker.accounted(account.get());
        }
    }

    @Test
    void it_tells_of_what_may_be_cut_and_not_of_what_is_finished_behind_it() {
        CompletionTracker tracker = new CompletionTracker(0);
        int[] news = {0};
        tracker.whenPrefixGrows(() -> news[0]++);
        for (long offset = 0; offset < 4; offset++) {
            tracker.begin(offset);
        }
        tracker.complete(1, Finish.MARKER);
        tracker.complete(2, Finish.MARKER);
        assertThat(news[0]).isZero();
        tracker.complete(0, Finish.MARKER);
        assertThat(news[0]).isEqualTo(1);
        tracker.complete(0, Finish.MARKER);
        tracker.complete(2, Finish.MARKER);
        assertThat(news[0]).as("finished before").isEqualTo(1);
        tracker.complete(3, Finish.MARKER);
        assertThat(news[0]).isEqualTo(2);
    }
}
