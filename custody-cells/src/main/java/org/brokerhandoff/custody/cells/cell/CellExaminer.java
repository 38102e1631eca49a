package org.brokerhandoff.custody.cells.cell;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellRequirement;
import org.brokerhandoff.custody.cells.fitness.HostReport;

/** Reads the facts on which the fitness of a cell rests. Blocks. */
final class CellExaminer {
    private static final Pattern JUNK = Pattern.compile("opt\\.junk: \"?(\\w+)\"?");
    private static final Pattern MODULE = Pattern.compile("(?m)^module:name=([^,\\r\\n]+)");

    private final InstantSource clock;

    CellExaminer(InstantSource clock) {
        this.clock = clock;
    }

    CellFacts examine(StatefulRedisConnection<String, String> connection) {
        RedisCommands<String, String> ask = connection.sync();
        String information = ask.info("everything");
        List<String> modules = new ArrayList<>();
        for (Matcher module = MODULE.matcher(information); module.find(); ) {
            modules.add(module.group(1));
        }
        Map<String, String> fields = fields(information);
        Matcher junk = JUNK.matcher(allocator(ask));
        return new CellFacts(
                ask.configGet(CellRequirement.settings().toArray(String[]::new)),
                fields,
                modules,
                junk.find() ? junk.group(1) : "",
                isOn(ask.aclGetuser("default")),
                permitted(ask),
                clockAhead(ask),
                host(ask).filter(report -> report.runId().equals(fields.get("run_id"))));
    }

    /** An examiner that may not read it knows nothing of the host, as where there is no agent. */
    private static Optional<HostReport> host(RedisCommands<String, String> ask) {
        try {
            return Optional.ofNullable(ask.get(HostAgent.KEY)).flatMap(HostReport::parse);
        } catch (RedisCommandExecutionException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> fields(String information) {
        Map<String, String> fields = new HashMap<>();
        information.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return fields;
    }

    private static String allocator(RedisCommands<String, String> ask) {
        return ask.dispatch(
                CommandType.MEMORY,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).add("MALLOC-STATS"));
    }

    private static boolean isOn(List<Object> user) {
        int flags = user.indexOf("flags");
        return flags < 0 || !(user.get(flags + 1) instanceof List<?> list && list.contains("off"));
    }

    private static List<String> permitted(RedisCommands<String, String> ask) {
        List<String> permitted = new ArrayList<>();
        for (String user : ask.aclUsers()) {
            if (!isOn(ask.aclGetuser(user))) {
                continue;
            }
            for (List<String> command : CellRequirement.FORBIDDEN) {
                String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
                if (mayRun(ask, user, command.get(0), arguments)) {
                    permitted.add(user + " " + command.get(0));
                }
            }
        }
        return permitted;
    }

    private static boolean mayRun(RedisCommands<String, String> ask, String user, String command, String[] arguments) {
        try {
            return ask.aclDryRun(user, command, arguments).equals("OK");
        } catch (RedisCommandExecutionException e) {
            // This engine has no such command.
            return !String.valueOf(e.getMessage()).contains("not found");
        }
    }

    private Duration clockAhead(RedisCommands<String, String> ask) {
        Instant before = clock.instant();
        List<String> time = ask.time();
        Instant after = clock.instant();
        Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(
                middle, Instant.ofEpochSecond(Long.parseLong(time.get(0)), Long.parseLong(time.get(1)) * 1000));
    }
}
