package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightMainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Map<String, String> environment, String... arguments) {
        return PreflightMain.run(arguments, environment, new PrintWriter(out), new PrintWriter(err));
    }

    private Map<String, String> here() {
        return Map.of(
                "HANDOFF_CUSTODY_FILE", directory.resolve("custody.slots").toString(),
                "HANDOFF_KEYSET_FILE", directory.resolve("custody.keyset").toString());
    }

    @Test
    void the_exit_code_follows_from_the_ceiling_that_is_printed() {
        int code = run(here());
        assertThat(out.toString())
                .contains("CANARY_")
                .containsPattern("purges may claim up to (ERASED|UNREACHABLE|UNREADABLE)\n");
        assertThat(code).isEqualTo(out.toString().endsWith("UNREADABLE\n") ? 1 : 0);
        assertThat(err.toString()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void what_is_wrong_makes_it_exit_1() throws Exception {
        Files.writeString(directory.resolve("custody.slots"), "open to all");
        Files.setAttribute(directory.resolve("custody.slots"), "unix:mode", 0666);
        assertThat(run(here())).isEqualTo(1);
        assertThat(out.toString()).contains("FILE_OPEN_TO_OTHERS").contains("may claim up to UNREADABLE");
    }

    @Test
    void json_has_every_finding() throws Exception {
        run(here(), "--json");
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("slotFile").textValue()).endsWith("custody.slots");
        assertThat(json.get("highestLevel").textValue()).isNotEmpty();
        assertThat(json.get("findings"))
                .allSatisfy(finding -> assertThat(finding.fieldNames())
                        .toIterable()
                        .containsExactly("name", "severity", "permits", "found", "meaning"));
    }

    @Test
    void a_configuration_that_is_wrong_makes_it_exit_2() {
        assertThat(run(Map.of("HANDOFF_CUSTODY_FIEL", "slots"))).isEqualTo(2);
        assertThat(err.toString()).contains("HANDOFF_CUSTODY_FIEL");
        assertThat(run(here(), "--unknown")).isEqualTo(2);
    }

    @Test
    void cells_that_cannot_be_reached_are_named_and_make_it_exit_1_and_a_faulty_cells_file_2() throws Exception {
        SecretFile.create(directory.resolve("cells.password"), "secret\n");
        String cell = "  - {host: 127.0.0.1, port: %d, user: handoff, passwordFile: cells.password,"
                + " examiner: examiner, examinerPasswordFile: cells.password}\n";
        Path file = Files.writeString(
                directory.resolve("cells.yaml"),
                "database: {url: \"jdbc:postgresql://127.0.0.1:4/handoff\"}\nroster: 1\ncells:\n" + cell.formatted(1)
                        + cell.formatted(2) + cell.formatted(3));
        Map<String, String> environment = new HashMap<>(here());
        environment.put("HANDOFF_CUSTODY", "cells:" + file);
        assertThat(run(environment, "--json")).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("fit").booleanValue()).isFalse();
        assertThat(json.get("parts"))
                .extracting(part -> part.get("name").textValue())
                .containsExactly("database", "cell 0", "cell 1", "cell 2");
        assertThat(json.get("parts"))
                .allSatisfy(part ->
                        assertThat(part.at("/problems/0/name").textValue()).isEqualTo("connection"));
        assertThat(json.at("/idempotencyKeyFile/severity").textValue())
                .as("this host may be one of routers")
                .isEqualTo("NOTE");
        Files.writeString(file, Files.readString(file) + "idempotencyKeyFile: idempotency.key\n");
        SecretFile.create(directory.resolve("idempotency.key"), "too short\n");
        assertThat(run(environment)).isEqualTo(1);
        assertThat(out.toString())
                .contains("failure  idempotencyKeyFile")
                .contains("must have at least 32 characters in its first line; found: 9 characters")
                .doesNotContain("too short");
        Files.writeString(file, "roster: 0\n");
        assertThat(run(environment)).isEqualTo(2);
        assertThat(err.toString()).contains("/roster: must be a whole number").doesNotContain("secret\n");
    }

    @Test
    void help_names_the_exit_codes() {
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(out.toString()).contains("Usage: handoff preflight").contains("could not run");
    }
}
