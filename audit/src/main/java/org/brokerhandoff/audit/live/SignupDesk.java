package org.brokerhandoff.audit.live;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.audit.trace.TimeLine;

/** Answers queries about signups with two threads, one for time lines and one for proofs, and a short queue. */
final class SignupDesk implements AutoCloseable {
    private static final int MOST_WAITING = 16;
    private static final int MOST_KEPT = 200;
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(4).toMillis();
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    private final SignupLookup lookup;
    private final Vertx vertx;
    private final ThreadPoolExecutor timeLines = executor("audit-time-lines");
    private final ThreadPoolExecutor proofs = executor("audit-proofs");
    /** Newest last; the oldest are evicted. Guarded by itself. */
    private final Map<UUID, Kept> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Kept> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Kept(Future<Proof> proof, long sinceNanos) {}

    /** What is known of a signup. */
    record Answer(TimeLine timeLine, Proof proof) {}

    /** The queue is full. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    SignupDesk(SignupLookup lookup, Vertx vertx) {
        this.lookup = lookup;
        this.vertx = vertx;
    }

    private static ThreadPoolExecutor executor(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The signup's time line, and its proof, if that is quick. Fails with {@link Busy}, or if Kafka does not answer. */
    Future<Answer> ask(UUID signupId) {
        Future<Proof> proof = proof(signupId);
        return run(timeLines, () -> lookup.timeLine(signupId)).compose(timeLine -> {
            Promise<Answer> answer = Promise.promise();
            long timer = vertx.setTimer(
                    PATIENCE_MILLIS, late -> answer.tryComplete(new Answer(timeLine, new Proof.Pending())));
            proof.onComplete(done -> {
                vertx.cancelTimer(timer);
                answer.tryComplete(new Answer(
                        timeLine,
                        done.succeeded() ? done.result() : new Proof.None("the ledger cannot be read at present")));
            });
            return answer.future();
        });
    }

    private Future<Proof> proof(UUID signupId) {
        synchronized (kept) {
            Kept earlier = kept.get(signupId);
            if (earlier != null
                    && (!earlier.proof().isComplete() || System.nanoTime() - earlier.sinceNanos() < KEPT_NANOS)) {
                return earlier.proof();
            }
            kept.remove(signupId);
            Future<Proof> proof = run(proofs, () -> lookup.proof(signupId));
            kept.put(signupId, new Kept(proof, System.nanoTime()));
            return proof;
        }
    }

    private interface Question<T> {
        T answer();
    }

    private static <T> Future<T> run(ThreadPoolExecutor executor, Question<T> question) {
        Promise<T> promise = Promise.promise();
        try {
            executor.execute(() -> {
                try {
                    promise.complete(question.answer());
                } catch (RuntimeException e) {
                    promise.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            promise.fail(new Busy());
        }
        return promise.future();
    }

    @Override
    public void close() {
        timeLines.shutdownNow();
        proofs.shutdownNow();
    }
}
