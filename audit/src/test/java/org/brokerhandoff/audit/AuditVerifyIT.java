package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Logs that break a rule, or cannot be judged yet. */
class AuditVerifyIT extends AuditCommands {
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
    void topics_with_different_numbers_of_partitions_are_no_event_log() throws Exception {
        admin.createPartitions(Map.of(Topic.PURGES.name(prefix), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
        // A broker tells of a new partition a moment after the controller has made it.
        await().until(() -> partitions(Topic.PURGES.name(prefix)) > PARTITIONS);
        assertThat(run("verify")).isEqualTo(2);
        assertThat(err.toString()).contains("equal numbers of partitions");
    }

    private int partitions(String topic) throws Exception {
        Map<String, TopicDescription> topics =
                admin.describeTopics(List.of(topic)).allTopicNames().get(10, TimeUnit.SECONDS);
        return Objects.requireNonNull(topics.get(topic)).partitions().size();
    }
}
