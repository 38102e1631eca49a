package org.brokerhandoff.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicExamination;
import org.brokerhandoff.eventlog.TopicProblem;
import org.brokerhandoff.router.kafka.CheckpointDelay;
import org.brokerhandoff.router.kafka.KafkaLogCutter;

/** Kafka: whether it is reached, whether its brokers and topics are set up, and whether its clock is far ahead. */
final class KafkaCheck {
    /** What two clocks that are set by a time service differ by, and some. */
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private static final Map<TopicProblem.Kind, String> REMEDIES = Map.of(
            TopicProblem.Kind.MISSING,
            "the first service that starts creates it; if it existed before, start none: docs/operations.md, Kafka lost its log",
            TopicProblem.Kind.PARTITIONS,
            "set HANDOFF_PARTITIONS to the actual number; it cannot change later",
            TopicProblem.Kind.REPLICAS,
            "reassign its partitions (kafka-reassign-partitions), or lower HANDOFF_REPLICATION_FACTOR",
            TopicProblem.Kind.SETTINGS,
            "the next service that starts corrects it (retention.ms by HANDOFF_MAX_HOLD); find out who changed it",
            TopicProblem.Kind.OUT_OF_SYNC,
            "bring the Kafka broker back; until then purges claim UNREADABLE");

    private KafkaCheck() {}

    /** What is found in the log that {@code settings} names. */
    static List<Finding> of(EventLogSettings settings, Instant now) {
        List<Finding> findings = new ArrayList<>();
        try (Admin admin = new KafkaClients(settings).admin("handoff-doctor")) {
            brokers(KafkaLogCutter.brokerSettings(admin), settings, findings);
            TopicExamination topics = new TopicExamination(admin, settings);
            topics(topics.problems(), findings);
            clock(topics.newestAppend(), now).ifPresent(findings::add);
        } catch (EventLogUnavailable | KafkaException e) {
            // Kafka's own messages name addresses and settings, and hold no record.
            findings.add(
                    Finding.wrong(
                            "kafka",
                            settings.bootstrapServers() + ": " + e.getMessage(),
                            "check HANDOFF_KAFKA_BOOTSTRAP_SERVERS, the network, and TLS and SASL in HANDOFF_KAFKA_CONFIG_FILE"));
        }
        return findings;
    }

    private static void brokers(
            Map<String, org.apache.kafka.clients.admin.Config> brokers,
            EventLogSettings settings,
            List<Finding> findings) {
        findings.add(
                brokers.size() < settings.replicationFactor()
                        ? Finding.wrong(
                                "kafka",
                                brokers.size() + " brokers answer, and HANDOFF_REPLICATION_FACTOR is "
                                        + settings.replicationFactor(),
                                "start the missing ones")
                        : Finding.fine("kafka", settings.bootstrapServers() + ": brokers " + names(brokers)));
        if (settings.replicationFactor() == 1) {
            findings.add(Finding.advice(
                    "kafka",
                    "HANDOFF_REPLICATION_FACTOR is 1: an acknowledged signup is on one disk",
                    "right for development; use 3 or more for anything else"));
        }
        if (CheckpointDelay.of(brokers) instanceof CheckpointDelay.TooLong tooLong) {
            findings.add(Finding.advice(
                    "kafka",
                    CheckpointDelay.FIRST + " of brokers " + String.join(", ", tooLong.brokers()) + " is greater than "
                            + CheckpointDelay.INTERVAL,
                    "lower it: a broker that dies before its first checkpoint briefly serves cut records again"
                            + " (docs/purge.md, Facts about Kafka)"));
        }
    }

    private static String names(Map<String, ?> brokers) {
        return brokers.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private static void topics(List<TopicProblem> problems, List<Finding> findings) {
        if (problems.isEmpty()) {
            findings.add(Finding.fine("topics", "exist, with the partitions, replicas and settings they need"));
        }
        for (TopicProblem problem : problems) {
            String found = problem.topic() + " " + problem.found();
            String remedy = String.valueOf(REMEDIES.get(problem.kind()));
            findings.add(
                    problem.kind() == TopicProblem.Kind.MISSING
                            ? Finding.advice("topics", found, remedy)
                            : Finding.wrong("topics", found, remedy));
        }
    }

    /** Kafka's clock is seen in what it has appended; that it is behind is seen by the services only, which publish. */
    private static Optional<Finding> clock(Optional<Instant> newest, Instant now) {
        return newest.map(appended -> appended.isAfter(now.plus(TOLERATED))
                ? Finding.wrong(
                        "kafka-clock",
                        "Kafka's clock is "
                                + Duration.between(now, appended).toSeconds()
                                + " s or more ahead of this host's: a record was appended at " + appended,
                        "synchronise both with a time service; until then the services may doubt their clock")
                : Finding.fine("kafka-clock", "is not ahead of this host's; the newest record is of " + appended));
    }
}
