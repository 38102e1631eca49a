package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompletionTrackerTest {
    /** The obvious way: every offset for ever, with whether it is finished. */
    private static final class Model {
        final long start;
        final TreeMap<Long, Boolean> finished = new TreeMap<>();
        final TreeMap<Long, Boolean> signups = new TreeMap<>();

        Model(long start) {
            this.start = start;
        }

        CompletionTracker.Completed completed() {
            long prefix = start;
            long lastSignup = start - 1;
            for (var each : finished.entrySet()) {
                long offset = each.getKey();
                if (!each.getValue()) {
                    return new CompletionTracker.Completed(offset, lastSignup);
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
                    tracker.complete(offset, signup);
                    model.finished.put(offset, true);
                    model.signups.put(offset, signup);
                }
                assertThat(tracker.completed()).isEqualTo(model.completed());
                assertThat(tracker.inFlight()).isEqualTo(open.size());
                assertThat(tracker.consumed()).isEqualTo(next);
            }
            Collections.shuffle(open, random);
            open.forEach(offset -> tracker.complete(offset, true));
            assertThat(tracker.completed().prefix()).isEqualTo(next);
        }
    }

    @Test
    void completing_twice_or_what_was_never_begun_changes_nothing() {
        CompletionTracker tracker = new CompletionTracker(5);
        tracker.begin(5);
        tracker.complete(9, true);
        assertThat(tracker.completed().prefix()).isEqualTo(5);
        tracker.complete(5, true);
        tracker.complete(5, true);
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
        tracker.complete(0, false);
        assertThat(tracker.completed()).isEqualTo(new CompletionTracker.Completed(1, -1));
    }
}
