package org.brokerhandoff.ingest.authentication;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys in force. The file is read again twice a second and compared by content, so it does not matter whether it was written in
 * place, replaced, or is a link that was moved. A file with problems is not used: the version before it stays in force, and readiness
 * says so.
 */
public final class CurrentApiKeys implements Supplier<ApiKeys>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentApiKeys.class);
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final Path file;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingest-api-keys");
        thread.setDaemon(true);
        return thread;
    });
    private volatile ApiKeys current;
    private volatile Optional<String> problem = Optional.empty();

    /** Of the version that was read last, whether or not it was valid; used by the timer's thread after the start. */
    private String text;

    private CurrentApiKeys(Path file, String text) {
        this.file = file;
        this.text = text;
        this.current = ApiKeysFile.parse(file, text);
    }

    /**
     * Reads {@code file} now, and again from then on.
     *
     * @throws InvalidApiKeys with all problems together
     */
    public static CurrentApiKeys follow(Path file) {
        CurrentApiKeys keys = new CurrentApiKeys(file, ApiKeysFile.text(file));
        var unused = keys.timer.scheduleWithFixedDelay(
                keys::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return keys;
    }

    /** The keys in force: read for each request, so that a removed key stops working on open connections too. */
    @Override
    public ApiKeys get() {
        return current;
    }

    /** Reports a file that is not in force because of its problems; the service continues with the previous version. */
    public HealthCheck health() {
        return HealthCheck.of(
                "api-keys",
                () -> problem.map(wrong -> Health.impaired("api-keys-invalid", wrong))
                        .orElseGet(Health::healthy));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void look() {
        try {
            String next = ApiKeysFile.text(file);
            if (next.equals(text) && problem.isEmpty()) {
                return;
            }
            text = next;
            current = ApiKeysFile.parse(file, next);
            problem = Optional.empty();
            LOG.info("the API keys were reloaded; {} are in force", current.size());
        } catch (InvalidApiKeys e) {
            refused(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            refused("the API keys cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private void refused(String message) {
        if (problem.isEmpty() || !problem.get().equals(message)) {
            LOG.error("{}\nthe API keys before this change stay in force", message);
        }
        problem = Optional.of(message);
    }
}
