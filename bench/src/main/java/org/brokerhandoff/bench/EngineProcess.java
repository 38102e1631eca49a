package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.bench.hosts.Host;

/** A program on a host, which can be killed, suspended, cut off, and started again. */
final class EngineProcess implements AutoCloseable {
    private final String name;
    private final Host host;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path folder;
    private volatile Optional<Process> process = Optional.empty();

    /**
     * Not started yet.
     *
     * @param folder its working folder; its output goes to {@code log} beside it
     */
    EngineProcess(String name, Host host, List<String> command, Map<String, String> environment, Path folder) {
        this.name = name;
        this.host = host;
        this.command = host.command(command);
        this.environment = environment;
        this.folder = folder;
        // However this JVM is terminated: an engine left behind would keep its port and its memory.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    String name() {
        return name;
    }

    Host host() {
        return host;
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolveSibling(name + ".log").toFile()));
        builder.environment().putAll(environment);
        process = Optional.of(builder.start());
    }

    /** {@code kill -9}, with all its processes. */
    void kill() throws InterruptedException {
        if (process.isPresent()) {
            end(process.get());
            process.get().waitFor();
        }
    }

    /** {@code SIGSTOP}, or its end, for all its processes. */
    void suspended(boolean suspended) throws IOException, InterruptedException {
        // The parent first: suspended, it starts no more.
        if (suspended) {
            ProcessSignals.stop(process.orElseThrow().pid());
        }
        for (long id : pids()) {
            if (suspended) {
                ProcessSignals.stopIfThere(id);
            } else {
                ProcessSignals.proceedIfThere(id);
            }
        }
    }

    /** Its process id, and those of its children. */
    List<Long> pids() {
        Process running = process.orElseThrow();
        return Stream.concat(Stream.of(running.pid()), running.descendants().map(ProcessHandle::pid))
                .toList();
    }

    private static void end(Process running) {
        // Listed first: a process whose parent has ended is no descendant any more.
        List<ProcessHandle> children = running.descendants().toList();
        running.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        process.ifPresent(EngineProcess::end);
    }
}
