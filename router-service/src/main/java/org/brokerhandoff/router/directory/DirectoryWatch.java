package org.brokerhandoff.router.directory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory version in force. The files, and what they name, are read again at each {@link #look}, and compared by content: so it
 * does not matter whether it was written in place, replaced, or is a link that was moved. A version with problems is not used, and
 * the one before it stays; a good one is published first, and used once that is acknowledged.
 */
public final class DirectoryWatch implements Supplier<BrokerDirectory> {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private final Supplier<DirectoryFile.Reading> files;
    private final Function<BrokerDirectory, CompletionStage<?>> publish;
    private volatile BrokerDirectory current;
    private volatile List<DirectoryProblem> problems = List.of();
    /** Contents of the last reading; used by the thread that looks, and after its publication was acknowledged. */
    private volatile String contents;

    private volatile boolean publishing;

    /**
     * A watch.
     *
     * @param files reads the files as they are now
     * @param first what the files held at the start, which is valid and published
     * @param publish publishes a version; the stage completes when that is acknowledged
     */
    public DirectoryWatch(
            Supplier<DirectoryFile.Reading> files,
            DirectoryFile.Reading first,
            Function<BrokerDirectory, CompletionStage<?>> publish) {
        if (!(first.parsed() instanceof ParsedDirectory.Valid valid)) {
            throw new IllegalArgumentException("a watch begins with a valid directory");
        }
        this.files = files;
        this.publish = publish;
        this.current = valid.directory();
        this.contents = first.contents();
    }

    /** The version in force: to be read once for each decision. */
    @Override
    public BrokerDirectory get() {
        return current;
    }

    /** What is wrong with the file, if it is not the version in force. */
    public List<DirectoryProblem> problems() {
        return problems;
    }

    /**
     * Reads the file again and again, in a separate thread, until what is returned is closed.
     *
     * @param changed called in that thread after another version came into force
     */
    public AutoCloseable follow(Duration period, Runnable changed) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread following = new Thread(task, "directory");
            following.setDaemon(true);
            return following;
        });
        AtomicReference<BrokerDirectory> before = new AtomicReference<>(current);
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        look();
                        BrokerDirectory now = current;
                        if (!now.equals(before.getAndSet(now))) {
                            changed.run();
                        }
                    } catch (RuntimeException e) {
                        // An uncaught failure would end the following.
                        LOG.error(
                                "the broker directory could not be checked for changes: {}",
                                e.getClass().getSimpleName());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
        return thread::shutdownNow;
    }

    /** Reads the file again. To be called by one thread, every few seconds. */
    public void look() {
        if (publishing) {
            return;
        }
        DirectoryFile.Reading reading = files.get();
        if (reading.contents().equals(contents)) {
            return;
        }
        if (reading.parsed() instanceof ParsedDirectory.Invalid invalid) {
            contents = reading.contents();
            problems = invalid.problems();
            LOG.error(
                    "the broker directory has {} problem(s); the previous version stays in force: {}",
                    invalid.problems().size(),
                    String.join(
                            "; ",
                            invalid.problems().stream()
                                    .map(DirectoryProblem::toString)
                                    .toList()));
        } else if (reading.parsed() instanceof ParsedDirectory.Valid valid) {
            take(valid.directory(), reading.contents());
        }
    }

    private void take(BrokerDirectory next, String nextContents) {
        BrokerDirectory before = current;
        if (next.digest().equals(before.digest())) {
            // Nothing that decisions rest on: secrets, or how the broker is reached.
            use(next, nextContents);
            LOG.info("secrets or connections of the broker directory were reloaded");
            return;
        }
        publishing = true;
        CompletionStage<?> published;
        try {
            published = publish.apply(next);
        } catch (RuntimeException e) {
            publishing = false;
            LOG.warn(
                    "publishing the new broker directory failed, and is retried: {}",
                    e.getClass().getSimpleName());
            return;
        }
        var unused = published.whenComplete((acknowledged, failure) -> {
            if (failure == null) {
                use(next, nextContents);
                LOG.info(
                        "the broker directory has changed: {}",
                        String.join("; ", DirectoryChanges.between(before, next)));
            } else {
                LOG.warn("the new broker directory is published again soon");
            }
            publishing = false;
        });
    }

    private void use(BrokerDirectory next, String nextContents) {
        current = next;
        contents = nextContents;
        problems = List.of();
    }

    /** What an operator should know of the directory in force. */
    public Optional<String> warning() {
        List<DirectoryProblem> wrong = problems;
        if (wrong.isEmpty()) {
            List<String> unknown = current.unknownExclusions();
            return unknown.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the rules per country exclude " + String.join(", ", unknown)
                            + ", which the broker directory does not list");
        }
        return Optional.of("the broker directory in use is older than its file, which has " + wrong.size()
                + " problem(s); the log lists them");
    }
}
