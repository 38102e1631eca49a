package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KeptTopics;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.LedgerRig.Audited;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contradictions to a ledger stop its builder, with the reason; and the possible recovery. */
class LedgerHaltsIT {
    @TempDir
    private Path directory = Path.of("");

    private LedgerRig rig() {
        return new LedgerRig(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
    }

    @Test
    void a_folder_that_may_have_signed_more_than_topic_and_folder_have_stops_the_builder() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            Path signed = directory.resolve("ledger/signed");
            String said = Files.readString(signed);
            Files.writeString(signed, "2" + said.substring(1));
            assertThat(LedgerRig.halts(rig.builder("ledger"))).isEqualTo(Reason.LEDGER_RESTORED);
            Files.writeString(signed, "1 " + "A".repeat(43) + "=\n");
            assertThat(LedgerRig.halts(rig.builder("ledger"))).isEqualTo(Reason.LEDGER_RESTORED);
        }
    }

    @Test
    void a_host_restored_with_an_older_ledger_is_found_by_the_checkpoint_in_the_topic() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            List<LedgerEntry> entries = rig.audit().entries();
            // A copy of the folder and of the topic from before the second entry, and a checkpoint of that entry that
            // someone has.
            LedgerRig.copy(directory.resolve("ledger"), directory.resolve("old"));
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            String head = Files.readString(directory.resolve("ledger/checkpoint"));
            rig.recreate(Topic.CHECKPOINTS);
            try (var publisher = new EventPublisher(rig.clients, new EventCodec(), "/test", InstantSource.system())) {
                publisher
                        .publishToLedger(
                                LedgerRig.ORIGIN,
                                new org.brokerhandoff.event.LedgerEntry(
                                        LedgerRig.ORIGIN, 0L, entries.get(0).text()))
                        .toCompletableFuture()
                        .join();
                publisher
                        .publishToLedger(LedgerRig.ORIGIN, new LedgerCheckpoint(LedgerRig.ORIGIN, 2L, head))
                        .toCompletableFuture()
                        .join();
            }
            assertThat(LedgerRig.halts(rig.builder("old"))).isEqualTo(Reason.LEDGER_RESTORED);
        }
    }

    @Test
    void a_kept_topic_that_was_made_anew_stops_the_builder_whether_it_runs_or_starts() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                rig.recreate(Topic.PURGES);
                assertThatThrownBy(() -> builder.round(Meanwhile.NOTHING))
                        .isInstanceOfSatisfying(
                                Halt.class, halt -> assertThat(halt.reason()).isEqualTo(Reason.TOPIC_RECREATED));
            }
            assertThat(LedgerRig.halts(rig.builder("ledger"))).isEqualTo(Reason.TOPIC_RECREATED);
        }
    }

    @Test
    void another_number_of_partitions_stops_the_builder() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger");
                    Admin admin = rig.clients.admin("test-admin")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                String name = Topic.CONSENTS.name(rig.eventLog.topicPrefix());
                admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5)))
                        .all()
                        .get();
                await().atMost(1, TimeUnit.MINUTES)
                        .until(() -> KeptTopics.describe(admin, rig.eventLog.topicPrefix())
                                .partitions()
                                .containsValue(5));
                assertThatThrownBy(() -> builder.round(Meanwhile.NOTHING))
                        .isInstanceOfSatisfying(
                                Halt.class, halt -> assertThat(halt.reason()).isEqualTo(Reason.PARTITIONS_CHANGED));
            }
        }
    }

    @Test
    void records_that_were_cut_away_in_front_stop_the_builder_whether_it_runs_or_starts() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(20);
            try (LedgerBuilder builder = rig.builder("ledger");
                    Admin admin = rig.clients.admin("test-admin")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                admin.deleteRecords(Map.of(
                                new TopicPartition(Topic.HANDOFFS.name(rig.eventLog.topicPrefix()), 1),
                                RecordsToDelete.beforeOffset(1)))
                        .all()
                        .get();
                assertThatThrownBy(() -> builder.round(Meanwhile.NOTHING))
                        .isInstanceOfSatisfying(
                                Halt.class, halt -> assertThat(halt.reason()).isEqualTo(Reason.KEPT_TOPIC_CHANGED))
                        .hasMessageContaining("handoffs 1 0");
            }
            assertThat(LedgerRig.halts(rig.builder("ledger"))).isEqualTo(Reason.KEPT_TOPIC_CHANGED);
        }
    }

    @Test
    void a_log_that_was_cut_before_its_ledger_began_is_committed_to_as_it_is() throws Exception {
        try (LedgerRig rig = rig();
                Admin admin = rig.clients.admin("test-admin")) {
            rig.events(20);
            admin.deleteRecords(Map.of(
                            new TopicPartition(Topic.HANDOFFS.name(rig.eventLog.topicPrefix()), 1),
                            RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
            for (int round = 0; round < 2; round++) {
                try (LedgerBuilder builder = rig.builder("ledger")) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                }
                rig.events(5);
            }
            assertThat(rig.audit().leaves()).isEqualTo(3 * 25);
        }
    }

    @Test
    void an_entry_that_the_topics_do_not_give_stops_the_builder() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                LedgerEntry first = rig.audit().entries().get(0);
                String foreign = "handoff-ledger-entry/v1\nnumber 1\nprior " + first.hash() + "\ntime "
                        + first.timeSeconds() + "\nsettled " + first.settledMillis() + "\nindexes "
                        + "A".repeat(43) + "=\n";
                try (var publisher =
                        new EventPublisher(rig.clients, new EventCodec(), "/test", InstantSource.system())) {
                    publisher
                            .publishToLedger(
                                    LedgerRig.ORIGIN,
                                    new org.brokerhandoff.event.LedgerEntry(LedgerRig.ORIGIN, 1L, foreign))
                            .toCompletableFuture()
                            .join();
                }
                assertThatThrownBy(() -> builder.round(Meanwhile.NOTHING))
                        .isInstanceOfSatisfying(
                                Halt.class, halt -> assertThat(halt.reason()).isEqualTo(Reason.FOREIGN_ENTRY));
            }
        }
    }

    @Test
    void after_a_loss_a_new_generation_begins_over_what_there_is_and_names_the_old_head() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            rig.recreate(Topic.PURGES);
            rig.recreate(Topic.HANDOFFS);
            String second = LedgerRig.ORIGIN.replace("/1", "/2");
            assertThat(LedgerRig.halts(rig.builder(rig.settings(second, "second", Start.CONTINUE))))
                    .isEqualTo(Reason.OTHER_LEDGER);
            assertThat(LedgerRig.halts(rig.builder(rig.settings(second, "ledger", Start.SUCCEED))))
                    .as("a folder has one generation")
                    .isEqualTo(Reason.OTHER_LEDGER);
            assertThat(LedgerRig.halts(
                            rig.builder(rig.settings(LedgerRig.ORIGIN.replace("/1", "/3"), "third", Start.SUCCEED))))
                    .as("nothing to succeed")
                    .isEqualTo(Reason.OTHER_LEDGER);
            for (Start start : List.of(Start.SUCCEED, Start.CONTINUE)) {
                try (LedgerBuilder builder = rig.builder(rig.settings(second, "second", start))) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                }
            }
            Audited audited = rig.audit(second, rig.keyFile);
            assertThat(audited.entries().get(0).genesis().orElseThrow().succeeds())
                    .hasValueSatisfying(earlier -> {
                        assertThat(earlier.origin()).isEqualTo(LedgerRig.ORIGIN);
                        assertThat(earlier.size()).isEqualTo(1);
                    });
            assertThat(audited.leaves()).isEqualTo(10);
        }
    }
}
