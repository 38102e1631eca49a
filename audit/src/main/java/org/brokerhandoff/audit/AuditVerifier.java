package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.brokerhandoff.audit.ledger.LedgerAudit;
import org.brokerhandoff.audit.ledger.PartitionLedger.PublishedLeaves;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.log.KeptRecords;
import org.brokerhandoff.audit.log.PartitionPass;
import org.brokerhandoff.audit.spill.DiskPlace;
import org.brokerhandoff.audit.state.AuditState;
import org.brokerhandoff.audit.state.AuditState.Header;
import org.brokerhandoff.audit.state.Continuation;
import org.brokerhandoff.audit.state.StateDisagrees;
import org.brokerhandoff.audit.verify.AuditListener;
import org.brokerhandoff.audit.verify.Installation;
import org.brokerhandoff.audit.verify.LogAudit;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Checks the whole event log, and the ledger over it. Each record is read once; partitions are read and judged in parallel, with one thread
 * per processor. Data that grows with the number of signups is sorted on disk ({@link LogAudit}), and the index of a partition is in a
 * memory-mapped file; neither is on the heap.
 */
public final class AuditVerifier {

    /** Receives the progress of another command, which reads partitions one after the other. */
    public interface Progress {
        /** {@code partition}, from 0, of {@code partitions} is read next. */
        void reading(int partition, int partitions);
    }

    /**
     * What to check.
     *
     * @param now reference for deadlines; not later than the call, or a purge in transit appears overdue
     * @param complete whether an accepted signup without a purge is a violation before its deadline
     * @param longestHold the longest hold that this installation promises
     * @param promise time within which the ledger commits to a record
     * @param policy policy for the ledger's newest checkpoint
     * @param before a checkpoint that the auditor kept from an earlier time
     * @param folders working folders
     */
    public record Task(
            Instant now,
            boolean complete,
            Duration longestHold,
            Duration promise,
            Optional<Policy> policy,
            Optional<Checkpoint> before,
            Folders folders) {
        /** As above, continuing from a state. A listener then receives nothing that was verified before. */
        Task goingOnFrom(Optional<Path> state) {
            Folders with = new Folders(folders.spill(), folders.published(), state);
            return new Task(now, complete, longestHold, promise, policy, before, with);
        }

        /** As above, with a checkpoint that the ledger must contain, if the auditor gave none. */
        Task holdingAgainst(Optional<Checkpoint> checkpoint) {
            return new Task(now, complete, longestHold, promise, policy, before.or(() -> checkpoint), folders);
        }

        /** For an installation of which only the general bounds are known, in the JVM's temporary folder. */
        public Task(Instant now, boolean complete) {
            this(
                    now,
                    complete,
                    HoldTimes.LONGEST_HOLD,
                    Duration.ofHours(24),
                    Optional.empty(),
                    Optional.empty(),
                    new Folders(Path.of(System.getProperty("java.io.tmpdir")), PublishedLeaves.NONE, Optional.empty()));
        }
    }

    /**
     * Folders.
     *
     * @param spill folder in which the log is sorted, in a subfolder that is removed; needs about as much space as the kept topics
     * @param published the ledger's leaf hashes
     * @param state file from which a verification continues, and which it replaces
     */
    public record Folders(Path spill, PublishedLeaves published, Optional<Path> state) {}

    private AuditVerifier() {}

    /** As above, for an installation of which only the general bounds are known. */
    public static Verdict verify(KafkaClients clients, EventCodec codec, Instant now, boolean complete) {
        return verify(clients, codec, new Task(now, complete), VerifyProgress.NONE);
    }

    /**
     * The verdict on the log that {@code clients} names, as it is now.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     * @throws org.brokerhandoff.audit.log.KeptLogUnusable if there is no event log of this name
     * @throws org.brokerhandoff.audit.ledger.UndecidedCheckpoint if this program cannot decide whether the policy accepts the ledger
     * @throws java.io.UncheckedIOException if the log cannot be sorted on disk
     */
    public static Verdict verify(KafkaClients clients, EventCodec codec, Task task, VerifyProgress progress) {
        return verify(clients, codec, task, progress, AuditListener.NONE);
    }

    /** As above; {@code listener} receives every record and every signup, from several threads, except those of a state. */
    public static Verdict verify(
            KafkaClients clients, EventCodec codec, Task task, VerifyProgress progress, AuditListener listener) {
        Optional<AuditState> state = task.folders().state().flatMap(AuditState::open);
        if (state.isPresent()) {
            try {
                return verify(clients, codec, task, progress, listener, state);
            } catch (StateDisagrees e) {
                progress.beginsAnew(String.valueOf(e.getMessage()));
                Task anew = task.holdingAgainst(e.contradicted());
                return verify(clients, codec, anew, progress, listener, Optional.empty());
            }
        }
        return verify(clients, codec, task, progress, listener, Optional.empty());
    }

    private static Verdict verify(
            KafkaClients clients,
            EventCodec codec,
            Task task,
            VerifyProgress progress,
            AuditListener listener,
            Optional<AuditState> state) {
        try (KeptLog log = new KeptLog(clients, codec);
                DiskPlace place = new DiskPlace(task.folders().spill());
                LogAudit audit = new LogAudit(
                        new Installation(log.partitions(), clients.settings().installation()),
                        task.now(),
                        codec,
                        place,
                        listener)) {
            Optional<LedgerAudit> ledger = log.has(Topic.CHECKPOINTS)
                    ? LedgerAudit.read(
                            clients,
                            codec,
                            task.policy(),
                            task.before(),
                            state.map(AuditState::header).map(Header::checkpoint))
                    : Optional.empty();
            // Only now: everything that the ledger commits to is then below the ends.
            log.takeEnds();
            AuditState.Log now = new AuditState.Log(
                    log.clusterId(),
                    clients.settings().topicPrefix(),
                    log.topicIds(),
                    clients.settings().installation(),
                    log.partitions());
            Optional<Header> next = ledger.flatMap(LedgerAudit::checkpoint)
                    .map(checkpoint -> new Header(ProductVersion.current(), now, checkpoint));
            state.ifPresent(before -> continues(before.header(), now, ledger));
            Continuation continuation = new Continuation(
                    state,
                    task.folders().state().isPresent()
                            ? next.map(header -> header.checkpoint().size()).orElse(0L)
                            : 0,
                    place.folder());
            state.ifPresent(before -> IntStream.range(0, log.partitions())
                    .forEach(partition -> audit.verifiedBefore(partition, before.records(partition))));
            if (continuation.saves()) {
                audit.keepState();
            }
            ledger.ifPresent(all -> all.findings().forEach(audit::add));
            progress.begins(records(log), log.partitions());
            AtomicBoolean failed = new AtomicBoolean();
            List<PartitionPass.Read> read = forEach(
                    log.partitions(),
                    failed,
                    partition -> new PartitionPass(
                                    clients, codec, log, partition, audit.partition(partition), records -> {
                                        if (failed.get()) {
                                            throw new CancellationException();
                                        }
                                        progress.read(records);
                                    })
                            .run(ledger, task.folders().published(), task.promise(), place.memory(), continuation));
            audit.beginJudging(task.complete(), task.longestHold());
            var unused = forEach(log.partitions(), failed, partition -> {
                if (failed.get()) {
                    throw new CancellationException();
                }
                audit.judge(partition);
                progress.judged(partition);
                return partition;
            });
            boolean asCommitted = read.stream().allMatch(PartitionPass.Read::asCommitted)
                    && ledger.stream().allMatch(all -> all.findings().isEmpty());
            // Only now: until here earlier results are read from the file that is replaced.
            if (continuation.saves() && asCommitted) {
                AuditState.write(
                        task.folders().state().orElseThrow(),
                        next.orElseThrow(),
                        IntStream.range(0, log.partitions())
                                .mapToObj(continuation::part)
                                .toList(),
                        audit::verified);
            }
            return audit.verdict(Optional.of(new LogRead(
                    log.clusterId(),
                    clients.settings().topicPrefix(),
                    ProductVersion.current(),
                    read.stream().flatMap(each -> each.topics().stream()).toList(),
                    ledger.map(all -> all.summary(
                            read.stream()
                                    .mapToLong(PartitionPass.Read::notCommitted)
                                    .sum(),
                            continuation.first())))));
        }
    }

    /**
     * Whether a verification can continue from a state.
     *
     * @throws UncheckedIOException if it belongs to another log
     * @throws StateDisagrees if it belongs to this one, and everything must be verified nevertheless
     */
    private static void continues(Header state, AuditState.Log now, Optional<LedgerAudit> ledger) {
        AuditState.Log then = state.log();
        if (!then.isNamedAs(now)) {
            String why = "the state is of the log of cluster " + then.cluster() + ", prefix \"" + then.topicPrefix()
                    + "\", installation \"" + then.installation() + "\", with " + then.partitions()
                    + " partitions, which is not the log to verify";
            throw new UncheckedIOException(why, new IOException(why));
        }
        if (ledger.isEmpty()) {
            throw new StateDisagrees("the ledger no longer exists");
        }
        if (!then.topicIds().equals(now.topicIds())) {
            throw new StateDisagrees("a topic was recreated since");
        }
        if (!state.version().equals(ProductVersion.current())) {
            throw new StateDisagrees("it was made by version " + state.version() + ", which may have had other rules");
        }
        Checkpoint checkpoint = state.checkpoint();
        if (!checkpoint.origin().equals(ledger.get().origin())) {
            throw new StateDisagrees("it is of ledger " + checkpoint.origin() + ", and the newest is "
                    + ledger.get().origin());
        }
        if (!ledger.get().continues(checkpoint)) {
            throw new StateDisagrees(
                    "the ledger does not extend the one that had size " + checkpoint.size() + " then",
                    Optional.of(checkpoint));
        }
    }

    /** Judges records that were read before, such as a copy of a log, of an installation without a name; one partition after the other. */
    public static Verdict verify(
            KeptRecords log, EventCodec codec, Instant now, boolean complete, Duration longestHold, Progress progress) {
        try (DiskPlace place = new DiskPlace(Path.of(System.getProperty("java.io.tmpdir")));
                LogAudit audit = new LogAudit(Installation.unnamed(log.partitions()), now, codec, place)) {
            log.readPlaces(
                    record -> audit.partition(record.partition()).add(record),
                    extent -> audit.partition(extent.partition()).add(extent));
            for (int partition = 0; partition < log.partitions(); partition++) {
                progress.reading(partition, log.partitions());
                log.read(partition, audit.partition(partition)::add, audit.partition(partition)::add);
            }
            audit.beginJudging(complete, longestHold);
            for (int partition = 0; partition < log.partitions(); partition++) {
                audit.judge(partition);
            }
            return audit.verdict(Optional.of(log.read(ProductVersion.current())));
        }
    }

    private static long records(KeptLog log) {
        return IntStream.range(0, log.partitions())
                .mapToLong(partition -> Topic.inLedger().stream()
                        .mapToLong(topic -> log.end(topic, partition))
                        .sum())
                .sum();
    }

    private interface OfPartition<T> {
        T run(int partition);
    }

    /** Runs a task for every partition; the results are in the order of partitions. Sets {@code failed} as soon as one fails. */
    private static <T> List<T> forEach(int partitions, AtomicBoolean failed, OfPartition<T> work) {
        int threads = Math.min(partitions, Runtime.getRuntime().availableProcessors());
        ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "handoff-audit");
            thread.setDaemon(true);
            return thread;
        });
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        try {
            List<Callable<T>> tasks = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                int number = partition;
                tasks.add(() -> {
                    try {
                        return work.run(number);
                    } catch (RuntimeException | Error e) {
                        // A later partition may fail because of the first one, and is joined after it.
                        if (failed.compareAndSet(false, true)) {
                            first.set(e);
                        }
                        throw e;
                    }
                });
            }
            List<Future<T>> running = tasks.stream().map(workers::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(first.get(), e.getCause());
            if (cause instanceof RuntimeException failure) {
                throw failure;
            } else if (cause instanceof Error exhausted) {
                throw exhausted;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            failed.set(true);
            Thread.currentThread().interrupt();
            throw new EventLogUnavailable("interrupted", e);
        } finally {
            stop(workers);
        }
    }

    /** The remaining tasks must not use what is closed next. */
    private static void stop(ExecutorService workers) {
        workers.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (workers.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
