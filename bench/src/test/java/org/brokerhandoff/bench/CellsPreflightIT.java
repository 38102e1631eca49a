package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.brokerhandoff.custody.service.PreflightMain;
import org.brokerhandoff.doctor.DoctorMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's commands over real engines: fit ones, one with a wrong setting, and a database that guarantees too little. */
class CellsPreflightIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private record Run(int code, String out) {}

    private interface Command {
        int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err);
    }

    private Run run(Command command, String setting, String... arguments) {
        StringWriter out = new StringWriter();
        int code = command.run(
                arguments,
                Map.of(
                        "HANDOFF_CUSTODY",
                        setting,
                        "HANDOFF_CUSTODY_FILE",
                        folder.resolve("custody.slots").toString()),
                new PrintWriter(out),
                new PrintWriter(StringWriter.nullWriter()));
        return new Run(code, out.toString());
    }

    private static List<String> problems(Run run) throws IOException {
        return StreamSupport.stream(
                        new ObjectMapper().readTree(run.out).path("parts").spliterator(), false)
                .flatMap(part -> StreamSupport.stream(part.path("problems").spliterator(), false)
                        .peek(problem ->
                                assertThat(problem.path("remedy").textValue()).isNotBlank())
                        .map(problem -> part.path("name").textValue() + ": "
                                + problem.path("name").textValue() + ": "
                                + problem.path("found").textValue()))
                .toList();
    }

    private static List<String> memory(Run run) throws IOException {
        return StreamSupport.stream(
                        new ObjectMapper().readTree(run.out).path("parts").spliterator(), false)
                .map(part -> part.path("memory").textValue())
                .toList();
    }

    @Test
    void a_setting_that_is_wrong_is_refused_by_its_name_and_nothing_is_changed_by_looking() throws Exception {
        try (CellEngines engines = TestEngines.start(folder.resolve("engines"), "maxmemory-policy allkeys-lru")) {
            String setting = engines.setting();
            Run wrong = run(PreflightMain::run, setting, "--json");
            assertThat(wrong.code).isEqualTo(1);
            assertThat(problems(wrong)).containsExactly("cell 2: maxmemory-policy: allkeys-lru");
            assertThat(run(PreflightMain::run, setting).out)
                    .contains("maxmemory-policy: allkeys-lru; configure maxmemory-policy noeviction")
                    .doesNotContain("secret");
            assertThat(engines.database.hasNoTables()).isTrue();

            JsonNode doctor = new ObjectMapper().readTree(run(DoctorMain::run, setting, "--json").out);
            assertThat(doctor.path("findings"))
                    .filteredOn(finding -> finding.path("check").asText().matches("cell [0-9]|custody-database"))
                    .extracting(finding -> finding.path("severity").asText() + " "
                            + finding.path("check").asText())
                    .containsExactly("FINE custody-database", "FINE cell 0", "FINE cell 1", "WRONG cell 2");

            engines.repairLast();
            Run fit = run(PreflightMain::run, setting, "--json");
            assertThat(problems(fit)).isEmpty();
            assertThat(fit.code).isZero();
            assertThat(memory(fit)).containsExactly("NO_MATTER", "UNKNOWN", "UNKNOWN", "UNKNOWN");
            String kept = engines.report(1) ? "KEPT" : "EXPOSED";
            assertThat(memory(run(PreflightMain::run, setting, "--json")))
                    .containsExactly("NO_MATTER", "UNKNOWN", kept, "UNKNOWN");

            secretOfIngest(engines, setting);

            engines.database.execute("ALTER SYSTEM SET synchronous_commit = 'local'");
            engines.database.execute("SELECT pg_reload_conf()");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(problems(run(PreflightMain::run, setting, "--json")))
                            .containsExactly("database: synchronous_commit: local"));
            engines.kill(0);
            assertThat(problems(run(PreflightMain::run, setting, "--json")))
                    .anyMatch(problem -> problem.startsWith("cell 0: connection: as examiner: "));
        }
    }

    private static String secret(Run run) throws IOException {
        JsonNode secret = new ObjectMapper().readTree(run.out).path("idempotencyKeyFile");
        return secret.path("severity").textValue() + " " + secret.path("found").textValue();
    }

    private List<String> doctor(String setting, String service) throws IOException {
        JsonNode found = new ObjectMapper().readTree(run(DoctorMain::run, setting, "--json", "--service", service).out);
        return StreamSupport.stream(found.path("findings").spliterator(), false)
                .filter(finding -> finding.path("check").textValue().equals("idempotency-key"))
                .map(finding -> finding.path("severity").textValue())
                .toList();
    }

    /** Ingest would not start with another one than the others have; a router does not read it. */
    private void secretOfIngest(CellEngines engines, String setting) throws IOException {
        assertThat(secret(run(PreflightMain::run, setting, "--json"))).startsWith("FINE ");
        assertThat(doctor(setting, "ingest")).containsExactly("FINE");
        engines.database.execute(
                "CREATE TABLE reservation_day AS SELECT 20000::bigint AS day, '\\x00'::bytea AS salt, gen_random_uuid() AS proof, TRUE AS newest");
        Run another = run(PreflightMain::run, setting, "--json");
        assertThat(another.code).isEqualTo(1);
        assertThat(secret(another)).startsWith("FAILURE ").endsWith("found: another one");
        assertThat(doctor(setting, "ingest")).containsExactly("WRONG");
        assertThat(doctor(setting, "router")).as("a file that is there, too").containsExactly("WRONG");
        Files.delete(engines.folder().resolve("idempotency.key"));
        Run missing = run(PreflightMain::run, setting, "--json");
        assertThat(missing.code).as("of a host of routers").isZero();
        assertThat(secret(missing)).startsWith("NOTE ");
        assertThat(doctor(setting, "ingest")).containsExactly("WRONG");
        assertThat(doctor(setting, "router")).isEmpty();
    }
}
