package org.brokerhandoff.custody.cells.fitness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a cell has to be like. Each requirement says what is wrong, or nothing. What an engine does not tell counts as wrong, unless
 * the engine has no such setting and nothing that it would switch off.
 */
public enum CellRequirement {
    /** Nothing is written to a disk. */
    SAVE("save", "configure save \"\", and start it again", facts -> setting(facts, "save", "")),
    /** As above. */
    APPENDONLY(
            "appendonly", "configure appendonly no, and start it again", facts -> setting(facts, "appendonly", "no")),
    /** A full cell refuses and does not forget. */
    MAXMEMORY_POLICY(
            "maxmemory-policy",
            "configure maxmemory-policy noeviction",
            facts -> setting(facts, "maxmemory-policy", "noeviction")),
    /** Values are not copied elsewhere in memory, where the copy would stay. */
    ACTIVEDEFRAG("activedefrag", "configure activedefrag no", facts -> setting(facts, "activedefrag", "no")),
    /** The slow log keeps arguments of commands. */
    SLOWLOG(
            "slowlog-log-slower-than",
            "configure slowlog-log-slower-than -1",
            facts -> setting(facts, "slowlog-log-slower-than", "-1")),
    /** As the slow log, in Valkey from 8.1 on, which has it under this name. */
    COMMANDLOG(
            "commandlog-execution-slower-than",
            "configure commandlog-execution-slower-than -1",
            facts -> settingIfKnown(facts, "commandlog-execution-slower-than", "-1")),
    /** A crash report prints registers and the memory that they point to. */
    CRASH_LOG(
            "crash-log-enabled", "configure crash-log-enabled no", facts -> setting(facts, "crash-log-enabled", "no")),
    /** As above. */
    CRASH_MEMCHECK(
            "crash-memcheck-enabled",
            "configure crash-memcheck-enabled no",
            facts -> setting(facts, "crash-memcheck-enabled", "no")),
    /** Engines without this setting print no values outside a crash report. */
    HIDE_USER_DATA(
            "hide-user-data-from-log",
            "configure hide-user-data-from-log yes",
            facts -> settingIfKnown(facts, "hide-user-data-from-log", "yes")),
    /** A cluster moves keys between nodes. */
    CLUSTER(
            "cluster-enabled",
            "configure cluster-enabled no, and start it again",
            facts -> setting(facts, "cluster-enabled", "no")),
    /** {@code DEBUG} reloads, dumps and crashes. */
    DEBUG_COMMAND(
            "enable-debug-command",
            "configure enable-debug-command no, and start it again",
            facts -> setting(facts, "enable-debug-command", "no")),
    /** A module may do anything. */
    MODULES(
            "modules",
            "take loadmodule out of its configuration, and start it again",
            facts -> facts.modules().isEmpty() ? Optional.empty() : Optional.of(String.join(", ", facts.modules()))),
    /** No copy was written since the engine started. */
    RDB_SAVES(
            "rdb_saves",
            "remove the copy (dump.rdb in its folder), find out who may SAVE, and start it again",
            facts -> field(facts, "rdb_saves", "0")),
    /** As above. */
    AOF_ENABLED(
            "aof_enabled",
            "configure appendonly no, remove its file, and start it again",
            facts -> field(facts, "aof_enabled", "0")),
    /** It follows no other. */
    ROLE(
            "role",
            "take replicaof out of its configuration, and start it again with nothing in it",
            facts -> field(facts, "role", "master")),
    /** None follows it. */
    CONNECTED_REPLICAS(
            "connected_slaves",
            "stop the replica, find out who may PSYNC, and start the cell again",
            facts -> field(facts, "connected_slaves", "0")),
    /** None did since it started: a backlog keeps what was written, deleted or not. */
    REPLICATION_BACKLOG(
            "repl_backlog_active",
            "find out who has followed it, and start it again",
            facts -> field(facts, "repl_backlog_active", "0")),
    /** None has had a copy of everything since it started. */
    FULL_SYNCS(
            "sync_full",
            "find out who has followed it and has its memory, and start it again",
            facts -> field(facts, "sync_full", "0")),
    /** Expired values and former buffers are overwritten when they are freed. */
    JUNK_ON_FREE(
            "opt.junk",
            "start it with MALLOC_CONF=junk:free in its environment, by an engine with jemalloc",
            facts -> facts.junk().equals("free") || facts.junk().equals("true")
                    ? Optional.empty()
                    : Optional.of(facts.junk().isEmpty() ? "not told" : facts.junk())),
    /** No one gets in without a name. */
    DEFAULT_USER(
            "user default",
            "configure user default off",
            facts -> facts.defaultUserOn() ? Optional.of("on") : Optional.empty()),
    /** No user of the engine can make it write, replicate or show its keys. */
    ACCESS_LIST(
            "access list",
            "give its users the commands of docs/several-hosts.md and no others",
            facts ->
                    facts.permitted().isEmpty() ? Optional.empty() : Optional.of(String.join(", ", facts.permitted()))),
    /** Expiry is a time of this host, and tombstones are of the cell's. */
    CLOCK(
            "clock",
            "set the clocks of its host and of this one right",
            facts -> facts.clockAhead().abs().compareTo(Duration.ofSeconds(1)) > 0
                    ? Optional.of(facts.clockAhead() + " ahead")
                    : Optional.empty());

    /** Commands, with arguments that their number asks for, that no user may run. */
    public static final List<List<String>> FORBIDDEN = List.of(
            List.of("SAVE"),
            List.of("BGSAVE"),
            List.of("BGREWRITEAOF"),
            List.of("SYNC"),
            List.of("PSYNC", "?", "-1"),
            List.of("REPLICAOF", "NO", "ONE"),
            List.of("FAILOVER"),
            List.of("MONITOR"),
            List.of("DUMP", "h:0"),
            List.of("COPY", "h:0", "h:1"),
            List.of("MIGRATE", "127.0.0.1", "1", "h:0", "0", "1"),
            List.of("EVAL", "return 1", "0"),
            List.of("FUNCTION", "LOAD", "-"),
            List.of("CONFIG", "SET", "save", "1"),
            List.of("DEBUG", "RELOAD"),
            List.of("MODULE", "LOAD", "/"),
            List.of("ACL", "SETUSER", "x"));

    private final String label;
    private final String remedy;
    private final Function<CellFacts, Optional<String>> wrong;

    CellRequirement(String label, String remedy, Function<CellFacts, Optional<String>> wrong) {
        this.label = label;
        this.remedy = remedy;
        this.wrong = wrong;
    }

    /** What an operator knows it as: a setting, or a field of {@code INFO}. */
    public String label() {
        return label;
    }

    /** What to do where it is not met. */
    public String remedy() {
        return remedy;
    }

    /** The settings that the rules read. */
    public static List<String> settings() {
        return Stream.of(
                        SAVE,
                        APPENDONLY,
                        MAXMEMORY_POLICY,
                        ACTIVEDEFRAG,
                        SLOWLOG,
                        COMMANDLOG,
                        CRASH_LOG,
                        CRASH_MEMCHECK,
                        HIDE_USER_DATA,
                        CLUSTER,
                        DEBUG_COMMAND)
                .map(CellRequirement::label)
                .toList();
    }

    /** What keeps a cell from being fit; nothing if it is. */
    public static List<CellFinding> examine(CellFacts facts) {
        List<CellFinding> findings = new ArrayList<>();
        Arrays.stream(values())
                .forEach(requirement -> requirement
                        .wrong
                        .apply(facts)
                        .ifPresent(found -> findings.add(new CellFinding(requirement, found))));
        return findings;
    }

    private static Optional<String> setting(CellFacts facts, String name, String wanted) {
        return compared(facts.configuration().get(name), wanted);
    }

    private static Optional<String> settingIfKnown(CellFacts facts, String name, String wanted) {
        return facts.configuration().containsKey(name) ? setting(facts, name, wanted) : Optional.empty();
    }

    private static Optional<String> field(CellFacts facts, String name, String wanted) {
        return compared(facts.information().get(name), wanted);
    }

    private static Optional<String> compared(@Nullable String found, String wanted) {
        if (found == null) {
            return Optional.of("not told");
        }
        return found.equals(wanted) ? Optional.empty() : Optional.of(found);
    }
}
