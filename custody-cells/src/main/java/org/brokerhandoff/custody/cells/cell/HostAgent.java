package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.brokerhandoff.custody.cells.fitness.HostReport;

/** An agent's way into the cell beside it: as a user of its own, which knows no share. Blocks. */
public final class HostAgent implements AutoCloseable {
    /** Under which the report stands. */
    static final String KEY = "host";

    private final StatefulRedisConnection<String, String> connection;

    HostAgent(StatefulRedisConnection<String, String> connection) {
        this.connection = connection;
    }

    /**
     * The engine's process, as it says.
     *
     * @param runId of this start
     * @param process number that the engine has for itself
     * @param upFor since its start
     */
    public record Engine(String runId, long process, Duration upFor) {}

    /**
     * Asks the engine.
     *
     * @throws RuntimeException if it does not answer, or does not say
     */
    public Engine engine() {
        Map<String, String> fields = new HashMap<>();
        connection.sync().info("server").lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return new Engine(
                fields.getOrDefault("run_id", ""),
                Long.parseLong(fields.getOrDefault("process_id", "")),
                Duration.ofSeconds(Long.parseLong(fields.getOrDefault("uptime_in_seconds", ""))));
    }

    /**
     * Leaves a report, for so long.
     *
     * @throws RuntimeException if the engine does not take it
     */
    public void report(HostReport report, Duration time) {
        RedisCommands<String, String> ask = connection.sync();
        var unused = ask.set(KEY, report.text(), SetArgs.Builder.px(time));
    }

    @Override
    public void close() {
        connection.close();
    }
}
