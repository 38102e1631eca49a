package org.brokerhandoff.operations.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The options of every JVM of this system. The launcher, the images and {@code docker-compose.yml} repeat them, since none of these can read
 * a Java class; {@code JvmOptionsTest} compares them. Every JDK from 17 on supports all of them.
 */
public final class JvmOptions {

    /**
     * No memory content leaves the process: no heap dump, no core file, and no error report. A report prints the strings that registers point
     * to. Nor can another process attach and request a dump.
     */
    public static final List<String> MEMORY_STAYS_IN_MEMORY = List.of(
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+SuppressFatalErrorMessage",
            "-XX:ErrorFile=/dev/null",
            "-XX:-ErrorFileToStderr",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisableAttachMechanism");

    /** Our code specifies its locale and time zone; libraries do not always, and Kafka does not start under a Turkish locale. */
    public static final List<String> SAME_ON_EVERY_MACHINE =
            List.of("-Duser.language=en", "-Duser.country=", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8");

    /** Native libraries (SQLite, Netty) and off-heap memory are used intentionally. Newer JDKs warn about both. */
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
     * The start of a command that runs a class of this JVM's class path in a separate JVM; the class's arguments must be appended.
     *
     * @param options further options, which take precedence
     */
    public static List<String> command(Class<?> main, String... options) {
        return command(main.getName(), options);
    }

    /** As above, for a class known only by name. */
    public static List<String> command(String main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(all());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }
}
