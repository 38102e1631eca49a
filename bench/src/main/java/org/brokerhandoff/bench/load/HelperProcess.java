package org.brokerhandoff.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.operations.process.JvmOptions;

/** One of the processes of this package. Not thread-safe. */
public final class HelperProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final String ready;

    private HelperProcess(Process process, BufferedReader answers, String ready) {
        this.process = process;
        this.answers = answers;
        this.ready = ready;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param errors file for its standard error
     */
    public static HelperProcess start(Class<?> main, Path errors, String... arguments) throws IOException {
        List<String> command =
                JvmOptions.command(main, "-Xmx256m", "-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new HelperProcess(process, answers, line(answers, main.getSimpleName()));
    }

    /** Its message at readiness. */
    public String ready() {
        return ready;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Sends a command, and waits for its answer. */
    public String ask(Object... words) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((String.join(" ", List.of(words).stream().map(String::valueOf).toList()) + "\n")
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
        return line(answers, String.valueOf(words[0]));
    }

    private static String line(BufferedReader answers, String who) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(Commands.ANSWER)) {
                return line.substring(Commands.ANSWER.length());
            }
        }
        throw new IOException(who + ": the process ended");
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
