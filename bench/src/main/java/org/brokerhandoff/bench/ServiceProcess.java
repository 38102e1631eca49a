package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.bench.hosts.Host;
import org.brokerhandoff.operations.http.HealthProbe;
import org.brokerhandoff.operations.process.JvmOptions;

/** One of the services as a separate process, which can be killed and restarted. Its output goes to a file. */
final class ServiceProcess implements AutoCloseable {
    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path output;
    private final Host host;
    private final String healthAddress;
    private volatile Optional<Process> process = Optional.empty();
    private int starts;

    /**
     * A service, not started yet.
     *
     * @param javaOptions appended to the usual ones
     * @param host where it runs
     */
    ServiceProcess(
            String name,
            String mainClass,
            List<String> javaOptions,
            Map<String, String> environment,
            Path output,
            Host host,
            String healthAddress) {
        this.host = host;
        this.name = name;
        this.environment = environment;
        this.output = output;
        this.healthAddress = healthAddress;
        List<String> options = new ArrayList<>(List.of(
                "-Xmx512m",
                // As in the launcher and the images: garbage in the young generation can be overwritten.
                "-XX:+UseSerialGC",
                "-XX:+ZeroTLAB",
                "-Xmn24m",
                "-XX:TargetSurvivorRatio=90",
                // Otherwise a compiler thread that ends would add its time to the process's total permanently.
                "-XX:-UseDynamicNumberOfCompilerThreads"));
        options.addAll(javaOptions);
        this.command = host.command(JvmOptions.command(mainClass, options.toArray(String[]::new)));
        // However this JVM is terminated: a service left behind, or suspended, would keep its port and its memory.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.ifPresent(Process::destroyForcibly)));
    }

    String name() {
        return name;
    }

    /** Where it runs. */
    Host host() {
        return host;
    }

    void start() throws IOException {
        starts++;
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("HANDOFF_"));
        builder.environment().putAll(environment);
        process = Optional.of(builder.start());
    }

    /** Waits until it reports readiness. */
    void awaitReady(Duration limit) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        while (!HealthProbe.answersOk(URI.create(healthAddress))) {
            if (process.isEmpty() || !process.get().isAlive()) {
                throw new IOException(name + " ended during start-up; the end of its output:\n" + tail());
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IOException(name + " was not ready within " + limit.toSeconds() + " s:\n" + tail());
            }
            Thread.sleep(50);
        }
    }

    /** Starts it, with retries, as a supervisor does: a start fails while Kafka does not answer, or not in time. */
    void bringUp(Duration limit) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        while (true) {
            kill();
            start();
            try {
                awaitReady(limit.dividedBy(3));
                return;
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
            }
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly();
            process.get().waitFor();
        }
    }

    /** Whether it runs, or is suspended. */
    boolean alive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** Its process id; it has been started. */
    long pid() {
        return process.orElseThrow().pid();
    }

    /** Its output so far, over all starts. */
    String output() throws IOException {
        return Files.readString(output);
    }

    /** A value of its metrics, summed over all labels; its health address serves them too. */
    double metric(String metricName) throws IOException {
        return metric(URI.create(healthAddress), metricName);
    }

    /** Address of its health and metrics. */
    String healthAddress() {
        return healthAddress;
    }

    /** A value of the metrics that the server at {@code address} serves at their usual path. */
    static double metric(URI address, String metricName) throws IOException {
        return metric(address, metricName, "");
    }

    /** As above, restricted to {@code label}, such as {@code area="heap"}. */
    static double metric(URI address, String metricName, String label) throws IOException {
        try (InputStream metrics = address.resolve("/metrics").toURL().openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(metricName + "{") && line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    int starts() {
        return starts;
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    @Override
    public void close() {
        process.ifPresent(running -> {
            running.destroy();
            try {
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                running.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        });
    }
}
