package org.brokerhandoff.operations.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    private final List<String> closed = new ArrayList<>();
    private final LifeCycle lifeCycle = new LifeCycle();

    @Test
    void what_was_opened_last_is_closed_first() {
        AutoCloseable first = lifeCycle.opened("first", () -> closed.add("first"));
        lifeCycle.atEnd("second", () -> closed.add("second"));
        assertThat(first).isNotNull();
        lifeCycle.close();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void a_part_that_cannot_be_closed_does_not_keep_the_others_open() {
        lifeCycle.atEnd("first", () -> closed.add("first"));
        lifeCycle.atEnd("broken", () -> {
            throw new IOException("no");
        });
        lifeCycle.atEnd("bug", () -> {
            throw new IllegalStateException("no");
        });
        lifeCycle.close();
        assertThat(closed).containsExactly("first");
    }

    @Test
    void each_part_is_closed_once() {
        lifeCycle.atEnd("first", () -> closed.add("first"));
        lifeCycle.close();
        lifeCycle.close();
        assertThat(closed).containsExactly("first");
    }

    @Test
    void an_executors_tasks_are_waited_for_and_not_interrupted() {
        ExecutorService executor = lifeCycle.executor("executor", Executors.newSingleThreadExecutor());
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        executor.execute(() -> {
            begun.complete(null);
            goOn.join();
            closed.add(Thread.currentThread().isInterrupted() ? "interrupted" : "ended");
        });
        begun.join();
        lifeCycle.atEnd("before it", () -> goOn.complete(null));
        lifeCycle.close();
        assertThat(closed).containsExactly("ended");
    }
}
