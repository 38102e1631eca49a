package org.brokerhandoff.operations.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The options of every JVM of this system. The launcher, the images and {@code docker-compose.yml} repeat them, since none of these can
 * read a Java class; {@code JvmOptionsTest} compares them. Every JDK from 17 on knows all of them.
 */
public final class JvmOptions {

    /**
     * Nothing of the memory leaves the process: no heap dump, no core file, and no error report. A report prints the strings to which
     * registers point, wherever it goes. Nor can another process attach and ask for a dump.
     */
    public static final List<String> MEMORY_STAYS_IN_MEMORY = List.of(
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+SuppressFatalErrorMessage",
            "-XX:ErrorFile=/dev/null",
            "-XX:-ErrorFileToStderr",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisableAttachMechanism");

    /** Our code names its locale and time zone; libraries do not always, and Kafka does not start under a Turkish one. */
    public static final List<String> SAME_ON_EVERY_MACHINE =
            List.of("-Duser.language=en", "-Duser.country=", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8");

    /** Native libraries (SQLite, Netty) and memory outside the heap are used knowingly. Newer JDKs warn of both. */
    public static final List<String> QUIET_ON_NEWER_JDKS =
            List.of("--enable-native-access=ALL-UNNAMED", "-Dsun.misc.unsafe.memory.access=allow");

    private JvmOptions() {}

    /** All of them. */
    public static List<String> all() {
        return Stream.of(MEMORY_STAYS_IN_MEMORY, SAME_ON_EVERY_MACHINE, QUIET_ON_NEWER_JDKS)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * The beginning of a command that runs a class of this JVM's class path in a separate JVM; the class's arguments are to be added.
     *
     * @param options further options; they win
     */
    public static List<String> command(Class<?> main, String... options) {
        return command(main.getName(), options);
    }

    /** As the other, for a class that is known by name only. */
    public static List<String> command(String main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(all());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }
}
