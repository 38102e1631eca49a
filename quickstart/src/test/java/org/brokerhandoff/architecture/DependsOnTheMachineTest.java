package org.brokerhandoff.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The rule finds each kind of call, and lets its told variant pass. */
class DependsOnTheMachineTest {
    @Test
    void each_call_that_goes_by_the_machine_is_found_and_none_that_is_told() {
        JavaClass depending = new ClassFileImporter().importClass(Depending.class);
        JavaClass told = new ClassFileImporter().importClass(Told.class);

        assertThat(depending.getMethods().stream().filter(method -> !found(method)))
                .isEmpty();
        assertThat(told.getMethods().stream().filter(DependsOnTheMachineTest::found))
                .isEmpty();
    }

    private static boolean found(JavaCodeUnit method) {
        return method.getCallsFromSelf().stream().anyMatch(new DependsOnTheMachine());
    }

    @SuppressWarnings({"DefaultCharset", "StringCaseLocaleUsage", "JavaTimeDefaultTimeZone", "unused"})
    static final class Depending {
        private Depending() {}

        static String digits() {
            return String.format("%d", 1);
        }

        static String formatted() {
            return "%d".formatted(1);
        }

        static PrintStream printed(PrintStream out) {
            return out.printf("%d", 1);
        }

        static String lower() {
            return "PLAINTEXT".toLowerCase();
        }

        static byte[] bytes() {
            return "æ".getBytes();
        }

        static String text(byte[] bytes) {
            return new String(bytes);
        }

        static InputStreamReader reader(InputStream stream) {
            return new InputStreamReader(stream);
        }

        static LocalDate today() {
            return LocalDate.now();
        }

        static ZoneId zone() {
            return ZoneId.systemDefault();
        }

        static DateTimeFormatter pattern() {
            return DateTimeFormatter.ofPattern("MMM");
        }

        static Locale locale() {
            return Locale.getDefault();
        }
    }

    @SuppressWarnings("unused")
    static final class Told {
        private Told() {}

        static String digits() {
            return String.format(Locale.ROOT, "%d", 1);
        }

        static PrintStream printed(PrintStream out) {
            return out.printf(Locale.ROOT, "%d", 1);
        }

        static String lower() {
            return "PLAINTEXT".toLowerCase(Locale.ROOT);
        }

        static byte[] bytes() {
            return "æ".getBytes(StandardCharsets.UTF_8);
        }

        static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        static InputStreamReader reader(InputStream stream) {
            return new InputStreamReader(stream, StandardCharsets.UTF_8);
        }

        static LocalDate today() {
            return LocalDate.now(ZoneOffset.UTC);
        }

        static DateTimeFormatter pattern() {
            return DateTimeFormatter.ofPattern("MMM", Locale.ROOT);
        }
    }
}
