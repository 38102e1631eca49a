package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print and return. */
class AuditMainIT extends AuditCommands {
    @Test
    void a_good_log_exits_0() {
        assertThat(run("verify", "--complete")).as(this::output).isZero();
        assertThat(out.toString())
                .contains("12 accepted, 12 delivered")
                .contains("ok  all " + Rules.ALL.size() + " rules hold")
                .doesNotContain("\u001b");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void what_is_no_time_no_order_and_no_language_is_named_and_exits_2() {
        assertThat(run("blast-radius", "--from", "yesterday", "--to", "2026-11-28"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--from must be a time").contains("--to must be a time");
        assertThat(run("blast-radius", "--from", "2026-11-28T13:00:00Z", "--to", "2026-11-28T12:00:00Z"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--to must not be before --from");
        assertThat(run("recipient-letter", new UUID(1, 1).toString(), "--language", "fr"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--language must be one of [en, nb]; found fr");
        assertThat(run("blast-radius", "--from", "2026-11-28T13:00:00Z")).isEqualTo(2);
    }

    @Test
    void the_verifier_is_a_library_too() {
        Verdict verdict = AuditVerifier.verify(clients, Life.CODEC, Instant.now(), true);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.counts().events()).isEqualTo(4L * SIGNUPS + 3);
        assertThat(verdict.counts().partitions()).isEqualTo(PARTITIONS);
    }

    @Test
    void one_life_is_traced() throws Exception {
        assertThat(run("trace", life(3).id().toString())).as(this::output).isZero();
        assertThat(out.toString()).startsWith("signup " + life(3).id() + "\n");
        assertThat(out.toString().lines().skip(1).map(line -> line.replaceAll("^\\S+ +(\\+\\d+ ms +)?(\\w+).*", "$2")))
                .containsExactly("ConsentGranted", "Assigned", "Delivered", "Purged");

        assertThat(run("trace", life(3).id().toString(), "--json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("events")).hasSize(4);

        assertThat(run("trace", new UUID(0, 1).toString())).isEqualTo(1);
        assertThat(err.toString()).contains("the event log has nothing");
    }

    @Test
    void what_keeps_the_check_from_running_exits_2() {
        assertThat(run(Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"), "verify"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("127.0.0.1:1");

        assertThat(run(Map.of(), "verify")).isEqualTo(2);
        assertThat(err.toString()).contains("HANDOFF_KAFKA_BOOTSTRAP_SERVERS");

        assertThat(run(environment(Map.of("HANDOFF_TOPIC_PREFIX", "elsewhere.")), "verify"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("elsewhere.consents");

        assertThat(run(Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "no-such-host.invalid:9092"), "verify"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("no-such-host.invalid:9092 cannot be queried; no host in", "can be resolved");

        assertThat(run("verify", "--unknown")).isEqualTo(2);
        assertThat(run("trace", "not-an-id")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void exhausted_memory_is_no_verdict() {
        Map<String, String> exhausted = new HashMap<>() {
            @Override
            public String get(Object name) {
                throw new OutOfMemoryError("a heap that is full");
            }

            @Override
            public Set<Map.Entry<String, String>> entrySet() {
                throw new OutOfMemoryError("a heap that is full");
            }

            @Override
            public Set<String> keySet() {
                throw new OutOfMemoryError("a heap that is full");
            }
        };
        assertThat(run(exhausted, "verify")).isEqualTo(2);
        assertThat(err.toString()).contains("out of memory");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void client_settings_are_read_from_a_file_and_a_bad_one_is_not_quoted(@TempDir Path directory) throws Exception {
        Path good = Files.writeString(directory.resolve("good.properties"), "client.rack=here\n");
        Files.setPosixFilePermissions(good, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(environment(Map.of("HANDOFF_KAFKA_CONFIG_FILE", good.toString())), "verify"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("HANDOFF_KAFKA_CONFIG_FILE", "rw-r--r--");
        Files.setPosixFilePermissions(good, PosixFilePermissions.fromString("rw-------"));
        assertThat(run(environment(Map.of("HANDOFF_KAFKA_CONFIG_FILE", good.toString())), "verify"))
                .as(this::output)
                .isZero();

        Path bad = Files.writeString(directory.resolve("bad.properties"), "security.protocol=hunter2\n");
        Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-------"));
        assertThat(run(environment(Map.of("HANDOFF_KAFKA_CONFIG_FILE", bad.toString())), "verify"))
                .isEqualTo(2);
        assertThat(run(environment(Map.of("HANDOFF_KAFKA_CONFIG_FILE", directory + "/none")), "verify"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("HANDOFF_KAFKA_CONFIG_FILE").doesNotContain("hunter2");
    }

    @Test
    void help_is_there_for_every_command() {
        for (String[] arguments :
                List.of(new String[] {"--help"}, new String[] {}, new String[] {"verify", "--help"}, new String[] {
                    "trace", "--help"
                })) {
            assertThat(run(arguments)).isZero();
            assertThat(out.toString()).contains("Usage: handoff audit").contains("--help");
        }
    }

    @Test
    void a_terminal_gets_colour_and_progress() {
        PrintWriter toOut = new PrintWriter(out);
        PrintWriter toErr = new PrintWriter(err);
        int code = AuditMain.run(new String[] {"verify"}, environment(Map.of()), toOut, toErr, true);
        assertThat(code).isZero();
        assertThat(out.toString()).contains("\u001b[1;32mok");
        assertThat(err.toString())
                .contains(" records", "judged 3 of 3 partitions")
                .endsWith("\r\u001b[K");
    }
}
