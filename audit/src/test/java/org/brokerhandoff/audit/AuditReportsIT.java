package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for people: reports, letters, and who could be read. */
class AuditReportsIT extends AuditCommands {
    @Test
    void the_blast_radius_names_who_could_be_read_and_writes_a_page(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("radius.html");
        assertThat(run(
                        "blast-radius",
                        "--from",
                        received.minusSeconds(1).toString(),
                        "--to",
                        received.plusSeconds(1).toString(),
                        "--json",
                        "--html",
                        page.toString(),
                        "--language",
                        "nb"))
                .as(this::output)
                .isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.path("readable").asInt()).isEqualTo(SIGNUPS);
        assertThat(json.path("byRecipient").path(Life.FJORD).asInt()).isEqualTo(SIGNUPS);
        assertThat(Files.readString(page)).contains(life(3).id().toString()).contains("Bostedsland");

        Instant earlier = received.minus(Duration.ofDays(2));
        assertThat(run("blast-radius", "--from", earlier.toString(), "--to", earlier.toString()))
                .isZero();
        assertThat(out.toString()).contains("0 of 12 signups were readable");
    }

    @Test
    void a_report_is_one_page_with_the_verdict_in_its_exit_code_too(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("report.html");
        assertThat(run("report", page.toString(), "--language", "nb"))
                .as(this::output)
                .isZero();
        assertThat(Files.readString(page))
                .contains("Alle " + Rules.ALL.size() + " regler holder")
                .contains(life(3).id().toString())
                .contains(prefix);
        publish(Topic.PURGES, life(77), life(77).purged(PurgeReason.DELIVERED, 50));
        assertThat(run("report", page.toString())).isEqualTo(1);
        assertThat(Files.readString(page))
                .contains("rules do not hold")
                .contains("id=\"rule-consent-before-handoff\"")
                .contains(life(77).id().toString());
        assertThat(run("report", directory.resolve("no/such/folder.html").toString()))
                .isEqualTo(2);
        assertThat(run("report", page.toString(), "--language", "xx")).isEqualTo(2);
    }

    @Test
    void a_letter_names_the_recipients_of_one_signup(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("letter.html");
        assertThat(run("recipient-letter", life(2).id().toString(), "--html", page.toString()))
                .as(this::output)
                .isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(Files.readString(page))
                .contains("has confirmed that it has your data")
                .contains(Life.FJORD);
        assertThat(run("recipient-letter", life(2).id().toString())).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .at("/recipients/0/outcome")
                        .asText())
                .isEqualTo("ACCEPTED");
        assertThat(run("recipient-letter", new UUID(1, 1).toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no consent or message of signup");
    }

    @Test
    void the_record_of_processing_counts_what_is_in_the_log_of_all_partitions(@TempDir Path directory)
            throws Exception {
        Path page = directory.resolve("record.html");
        assertThat(run("register-of-processing", "--json", "--html", page.toString(), "--language", "nb"))
                .as(this::output)
                .isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/activities/0/number").asInt()).isEqualTo(SIGNUPS);
        assertThat(json.at("/recipients/0/id").asText()).isEqualTo(Life.FJORD);
        assertThat(json.at("/recipients/0/accepted").asInt()).isEqualTo(SIGNUPS);
        assertThat(json.at("/documents/0/version").asText()).isEqualTo(Life.POLICY);
        assertThat(Files.readString(page)).contains("Protokoll over behandlingsaktiviteter");

        assertThat(run("register-of-processing")).isZero();
        assertThat(out.toString())
                .contains("Record of processing activities")
                .contains("The log does not say who the controller is");
        assertThat(run("register-of-processing", "--language", "fr")).isEqualTo(2);
        assertThat(err.toString()).contains("--language must be one of [en, nb]; found fr");
    }

    @Test
    void a_letter_answers_who_asked_for_disclosure_once_it_is_decided(@TempDir Path directory) throws Exception {
        Disclosing request = new Disclosing(life(4), new UUID(4, 4), DisclosureBasis.COURT_ORDER);
        String id = request.requestId().toString();
        assertThat(run("disclosure-letter", id)).isEqualTo(1);
        assertThat(err.toString()).contains("no request for disclosure");
        publish(Topic.CONSENTS, life(4), request.requested(1_000));
        assertThat(run("disclosure-letter", id)).isEqualTo(1);
        assertThat(err.toString()).contains("is not decided yet");
        publish(Topic.CONSENTS, life(4), request.granted(2_000, DisclosureGround.LEGAL_BASIS));
        Life message = new Life(Disclosing.MESSAGE, 0, received);
        publish(Topic.PURGES, message, message.purged(PurgeReason.DELIVERED, 3_000));

        assertThat(run("disclosure-letter", id, "--language", "nb"))
                .as(this::output)
                .isZero();
        assertThat(out.toString())
                .startsWith("Anmodningen din om opplysninger er innvilget\n")
                .contains(Life.FJORD)
                .contains(message.at(3_000).toString());
        Path page = directory.resolve("letter.html");
        assertThat(run("disclosure-letter", id, "--html", page.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(Files.readString(page)).contains("<title>Your request for data is granted</title>");
        assertThat(run("disclosure-letter", id, "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/answer/recipients/0/outcome").asText()).isEqualTo("ACCEPTED");
        assertThat(json.at("/contact/destroyedAt").asText())
                .isEqualTo(message.at(3_000).toString());
    }
}
