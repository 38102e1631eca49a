package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, against a real Kafka with a log that these tests write. */
class AuditMainIT {
    private static final int PARTITIONS = 3;
    private static final int SIGNUPS = 12;

    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, PARTITIONS, 1, Duration.ofHours(24)));
    private final Admin admin = clients.admin("test");
    private final EventPublisher ingest = new EventPublisher(clients, Life.CODEC, "/ingest", InstantSource.system());
    private final EventPublisher router = new EventPublisher(clients, Life.CODEC, "/router", InstantSource.system());
    private final Instant received =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void provision() throws Exception {
        new TopicProvisioner(admin, clients.settings()).provision();
        // None is in the partition of every signup that refers to it.
        publishTo(
                Topic.CONSENTS,
                2,
                PolicyPublished.newBuilder(Life.policy(received))
                        .setPublishedAt(received.minusSeconds(2))
                        .build());
        publishTo(Topic.HANDOFFS, 1, Life.directory(received));
        publishTo(Topic.PURGES, 0, Life.examined(received));
        for (int i = 0; i < SIGNUPS; i++) {
            Life life = life(i);
            publish(Topic.CONSENTS, life, life.granted());
            publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10));
            publish(Topic.HANDOFFS, life, life.delivered(Life.FJORD, 1, 20));
            publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        }
    }

    @AfterEach
    void close() {
        ingest.close();
        router.close();
        admin.close();
    }

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
    void a_log_with_a_second_acceptance_exits_1_and_names_the_signup_and_the_rule() throws Exception {
        Life life = life(5);
        publish(Topic.HANDOFFS, life, life.refused(Life.FJORD, 30));
        publish(Topic.HANDOFFS, life, life.assigned(Life.NORDLYS, 1, 60));
        publish(Topic.HANDOFFS, life, life.delivered(Life.NORDLYS, 1, 70));

        assertThat(run("verify")).as(this::output).isEqualTo(1);
        assertThat(out.toString())
                .contains("BROKEN  one-broker-accepts")
                .contains(life.id().toString())
                .doesNotContain(life(6).id().toString());
    }

    @Test
    void json_carries_every_violation() throws Exception {
        Life life = new Life(new UUID(9, 1), EventPartitions.of(new UUID(9, 1), PARTITIONS), received);
        publish(Topic.HANDOFFS, life, life.delivered(Life.FJORD, 1, 20));

        assertThat(run("verify", "--json")).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("holds").booleanValue()).isFalse();
        assertThat(json.get("violations").findValuesAsText("rule"))
                .containsExactlyInAnyOrder("consent-before-handoff", "assigned-before-handoff");
        assertThat(json.get("violations").findValuesAsText("signupId"))
                .containsOnly(life.id().toString());
    }

    @Test
    void garbage_in_a_kept_topic_is_named_by_its_place() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer("garbage")) {
            var metadata = producer.send(new ProducerRecord<>(
                            Topic.CONSENTS.name(prefix),
                            1,
                            new byte[] {1},
                            "Kari Nordmann".getBytes(StandardCharsets.UTF_8)))
                    .get(10, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(Topic.PURGES.name(prefix), 1, new byte[] {1}, (byte[]) null))
                    .get(10, TimeUnit.SECONDS);

            assertThat(run("verify")).isEqualTo(1);
            assertThat(out.toString())
                    .contains("BROKEN  record-readable")
                    .contains("consents-1@" + metadata.offset())
                    .contains("purges-1@")
                    .doesNotContain("Kari");
        }
    }

    @Test
    void a_log_whose_beginning_was_cut_exits_1() throws Exception {
        int partition = life(0).partition();
        admin.deleteRecords(Map.of(
                        new TopicPartition(Topic.PURGES.name(prefix), partition), RecordsToDelete.beforeOffset(-1)))
                .all()
                .get(10, TimeUnit.SECONDS);

        assertThat(run("verify")).as(this::output).isEqualTo(1);
        assertThat(out.toString()).contains("BROKEN  log-complete").contains("purges-" + partition);
    }

    @Test
    void an_open_signup_is_waited_for() throws Exception {
        Life life = new Life(new UUID(9, 2), EventPartitions.of(new UUID(9, 2), PARTITIONS), received);
        publish(Topic.CONSENTS, life, life.granted());

        assertThat(run("verify")).as(this::output).isZero();
        assertThat(out.toString()).contains("open      1 at");
        assertThat(run("verify", "--complete", "--wait", "1")).isEqualTo(1);

        publish(Topic.HANDOFFS, life, life.assigned(Life.FJORD, 0, 10));
        publish(Topic.HANDOFFS, life, life.delivered(Life.FJORD, 1, 20));
        publish(Topic.PURGES, life, life.purged(PurgeReason.DELIVERED, 50));
        assertThat(run("verify", "--complete", "--wait", "60")).as(this::output).isZero();
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
    void every_decision_is_made_once_more() throws Exception {
        assertThat(run("replay")).as(this::output).isZero();
        assertThat(out.toString())
                .contains(SIGNUPS + ": " + SIGNUPS + " assigned")
                .contains("(100.0 %)");
        assertThat(run("replay", life(3).id().toString(), "--json")).isZero();
        assertThat(run("replay", new UUID(0, 1).toString())).isEqualTo(1);
    }

    @Test
    void a_decision_that_the_log_does_not_lead_to_exits_1_and_is_shown_beside_what_it_was_to_be() throws Exception {
        Life life = life(SIGNUPS);
        publish(Topic.CONSENTS, life, life.granted());
        publish(Topic.HANDOFFS, life, life.assigned(Life.NORDLYS, 0, 10));

        assertThat(run("replay", "--json")).as(this::output).isEqualTo(1);

        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.at("/counts/equal").asLong()).isEqualTo(SIGNUPS);
        assertThat(report.path("differences")).hasSize(1);
        JsonNode difference = report.at("/differences/0");
        assertThat(difference.path("signupId").asText()).isEqualTo(life.id().toString());
        assertThat(difference.path("expected").asText()).startsWith("assigned to " + Life.FJORD);
        assertThat(difference.path("actual").asText()).startsWith("assigned to " + Life.NORDLYS);
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
    void a_verdict_names_what_it_is_about_and_who_reads_the_same_gets_the_same_digest() throws Exception {
        assertThat(run("verify", "--max-hold", "PT24H")).as(this::output).isZero();
        String clusterId = admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);
        assertThat(out.toString())
                .contains("cluster " + clusterId + ", topics " + prefix + "*", "consents up to ", "digest    ")
                .containsPattern("read by   broker handoff [0-9]+\\.[0-9]+");

        run("verify", "--json");
        JsonNode first = new ObjectMapper().readTree(out.toString()).get("read");
        run("verify", "--json");
        JsonNode second = new ObjectMapper().readTree(out.toString()).get("read");
        assertThat(second).isEqualTo(first);
        assertThat(first.get("partitions")).hasSize(4 * PARTITIONS);

        publish(Topic.CONSENTS, life(3), life(3).granted());
        run("verify", "--json");
        JsonNode third = new ObjectMapper().readTree(out.toString()).get("read");
        assertThat(third.get("digest")).isNotEqualTo(first.get("digest"));
        int changed = 0;
        for (int i = 0; i < third.get("partitions").size(); i++) {
            changed += third.get("partitions")
                            .get(i)
                            .equals(first.get("partitions").get(i))
                    ? 0
                    : 1;
        }
        assertThat(changed).isEqualTo(1);
    }

    @Test
    void a_hold_longer_than_this_installation_promises_exits_1() {
        assertThat(run("verify", "--max-hold", "PT23H59M59S")).isEqualTo(1);
        assertThat(out.toString()).contains("BROKEN  hold-bounded");
    }

    @Test
    void an_empty_log_does_not_pass() {
        String other = kafka.randomTopicPrefix();
        new TopicProvisioner(
                        admin,
                        new EventLogSettings(
                                kafka.bootstrapServers(), Map.of(), other, PARTITIONS, 1, Duration.ofHours(24)))
                .provision();
        assertThat(run(environment(Map.of("HANDOFF_TOPIC_PREFIX", other)), "verify"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is nothing to check");
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
    void topics_with_different_numbers_of_partitions_are_no_event_log() throws Exception {
        admin.createPartitions(Map.of(Topic.PURGES.name(prefix), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
        assertThat(run("verify")).isEqualTo(2);
        assertThat(err.toString()).contains("equal numbers of partitions");
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

    private Life life(int number) {
        UUID id = new UUID(0x0199_0000_0000_7000L, number);
        return new Life(id, EventPartitions.of(id, PARTITIONS), received.plusMillis(number));
    }

    private EventPublisher publisher(Topic topic) {
        return topic == Topic.CONSENTS ? ingest : router;
    }

    private void publish(Topic topic, Life life, SpecificRecord event) throws Exception {
        publisher(topic).publish(topic, life.id(), event).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void publishTo(Topic topic, int partition, SpecificRecord event) throws Exception {
        publisher(topic)
                .publishTo(topic, partition, event)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private Map<String, String> environment(Map<String, String> changes) {
        Map<String, String> environment = new HashMap<>(
                Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "HANDOFF_TOPIC_PREFIX", prefix));
        environment.putAll(changes);
        return environment;
    }

    private int run(String... arguments) {
        return run(environment(Map.of()), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return AuditMain.run(arguments, environment, new PrintWriter(out), new PrintWriter(err), false);
    }

    private String output() {
        return out + "\n" + err;
    }
}
