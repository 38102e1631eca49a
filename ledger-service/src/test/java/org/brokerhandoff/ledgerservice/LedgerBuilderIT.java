package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.LedgerRig.Audited;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The builder against a real Kafka: it publishes what matches the topics, wherever it is killed and whatever else is written. */
class LedgerBuilderIT {
    @TempDir
    private Path directory = Path.of("");

    private LedgerRig rig() {
        return new LedgerRig(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
    }

    @Test
    void every_record_of_the_kept_topics_is_under_a_signed_checkpoint_that_the_topics_alone_give() throws Exception {
        try (LedgerRig rig = rig()) {
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                assertThat(rig.audit().checkpointSize())
                        .as("an empty log has a ledger, too")
                        .isEqualTo(1);
                rig.events(20);
                builder.round(Meanwhile.NOTHING);
                rig.events(5);
                builder.round(Meanwhile.NOTHING);
                builder.round(Meanwhile.NOTHING);
            }
            Audited audited = rig.audit();
            assertThat(audited.leaves()).isEqualTo(3 * 25);
            assertThat(audited.entries())
                    .as("a round without news writes nothing")
                    .hasSize(3);
            assertThat(audited.checkpointSize()).isEqualTo(3);
            assertThat(rig.published("ledger").size()).isEqualTo(3);
            assertThat(audited.entries().get(0).topics())
                    .extracting(LedgerEntry.TopicLine::topic, LedgerEntry.TopicLine::indexed)
                    .containsExactly(
                            tuple("consents", true),
                            tuple("handoffs", true),
                            tuple("places", false),
                            tuple("purges", true));
        }
    }

    @Test
    void after_a_downtime_it_catches_up_and_a_restart_changes_nothing() throws Exception {
        try (LedgerRig rig = rig()) {
            for (int round = 0; round < 3; round++) {
                rig.events(4);
                try (LedgerBuilder builder = rig.builder("ledger")) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                }
            }
            assertThat(rig.audit().leaves()).isEqualTo(3 * 12);
            int said = rig.statements().size();
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            assertThat(rig.statements()).hasSize(said);
        }
    }

    @Tag("faults")
    @ParameterizedTest
    @CsvSource({
        "READ, 1",
        "COMPUTED, 1",
        "PUBLISHED, 1",
        "WRITTEN, 1",
        "MAY_BE_SIGNED, 1",
        "COPIED, 1",
        "SIGNED, 1",
        "WITNESSED, 1",
        "COMPUTED, 2",
        "PUBLISHED, 2",
        "WRITTEN, 2",
        "MAY_BE_SIGNED, 2",
        "COPIED, 2",
        "SIGNED, 2",
        "WITNESSED, 2"
    })
    void killed_at_any_arrow_the_next_start_carries_on_and_nothing_is_signed_twice(Step step, int round)
            throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed()) {
            Path copy = rig.copied();
            if (round == 2) {
                try (LedgerBuilder builder = rig.builder("ledger")) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                }
            }
            rig.events(6);
            Process process = rig.fork("ledger", step, 1);
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(HaltingLedgerMain.HALTED);
            } finally {
                process.destroyForcibly();
            }
            rig.events(3);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            Audited audited = rig.audit();
            assertThat(audited.leaves()).isEqualTo(3 * 9);
            assertThat(audited.checkpointSize()).isEqualTo(audited.entries().size());
            assertThat(rig.published("ledger").size())
                    .isEqualTo(audited.entries().size());
            assertThat(rig.cosigned("ledger")).isTrue();
            assertThat(copy.resolve("checkpoint")).hasSameBinaryContentAs(directory.resolve("ledger/checkpoint"));
            witness.neverContradictedItself();
        }
    }

    @Test
    void of_two_builders_at_once_the_first_record_of_a_number_counts_and_the_other_takes_it_up() throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed()) {
            // Neither is blocked by the other's copy being ahead for a moment.
            Path copy = rig.copied();
            try (LedgerBuilder one = rig.builder("one")) {
                one.start();
                one.round(Meanwhile.NOTHING);
                try (LedgerBuilder two = rig.builder(rig.settings(LedgerRig.ORIGIN, "two", Start.ADOPT))) {
                    two.start();
                    List<Throwable> failures = new ArrayList<>();
                    Thread other = new Thread(() -> rounds(two, failures));
                    other.start();
                    for (int i = 0; i < 15; i++) {
                        rig.events(2);
                        one.round(Meanwhile.NOTHING);
                    }
                    other.join();
                    assertThat(failures).isEmpty();
                    one.round(Meanwhile.NOTHING);
                    two.round(Meanwhile.NOTHING);
                    assertThat(one.size()).isEqualTo(two.size());
                }
            }
            Audited audited = rig.audit();
            assertThat(audited.leaves()).isEqualTo(3 * 30);
            assertThat(rig.published("one")).isEqualTo(rig.published("two"));
            assertThat(rig.cosigned("one")).isTrue();
            assertThat(copy.resolve("checkpoint")).hasSameBinaryContentAs(directory.resolve("two/checkpoint"));
            witness.neverContradictedItself();
        }
    }

    private static void rounds(LedgerBuilder builder, List<Throwable> failures) {
        try {
            for (int i = 0; i < 15; i++) {
                builder.round(Meanwhile.NOTHING);
            }
        } catch (Halt | RuntimeException e) {
            failures.add(e);
        }
    }

    @Test
    void a_lost_folder_is_computed_anew_only_if_told_so() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            assertThat(LedgerRig.halts(rig.builder("other"))).isEqualTo(Reason.FOLDER_MISSING);
            try (LedgerBuilder builder = rig.builder(rig.settings(LedgerRig.ORIGIN, "another", Start.ADOPT))) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            assertThat(rig.published("another")).isEqualTo(rig.published("ledger"));
            assertThat(rig.audit().entries()).hasSize(1);
        }
    }

    @Test
    void an_older_copy_of_the_folder_is_brought_up_to_date_from_the_topic() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                LedgerRig.copy(directory.resolve("ledger"), directory.resolve("old"));
                rig.events(5);
                builder.round(Meanwhile.NOTHING);
            }
            try (LedgerBuilder builder = rig.builder("old")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            assertThat(rig.published("old")).isEqualTo(rig.published("ledger"));
            assertThat(rig.audit().entries()).hasSize(2);
        }
    }

    @Test
    void entries_that_the_topic_has_lost_are_published_again_from_the_folder_byte_for_byte() throws Exception {
        try (LedgerRig rig = rig()) {
            rig.events(5);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                rig.events(5);
                builder.round(Meanwhile.NOTHING);
            }
            List<LedgerEntry> before = rig.audit().entries();
            rig.recreate(Topic.CHECKPOINTS);
            rig.events(1);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
            }
            Audited after = rig.audit();
            assertThat(after.entries())
                    .startsWith(before.toArray(LedgerEntry[]::new))
                    .hasSize(3);
        }
    }

    @Test
    void a_key_is_replaced_with_an_overlap_in_which_both_sign() throws Exception {
        try (LedgerRig rig = rig()) {
            Path next = directory.resolve("next.key");
            KeyFiles.make(LedgerRig.ORIGIN, next);
            rig.events(1);
            Policy before = policy(rig.keyFile);
            Policy after = policy(next);
            List<Boolean> byOld = new ArrayList<>();
            List<Boolean> byNew = new ArrayList<>();
            for (Path[] keys : List.of(new Path[] {rig.keyFile}, new Path[] {next, rig.keyFile}, new Path[] {next})) {
                try (LedgerBuilder builder =
                        rig.builder(rig.settings(LedgerRig.ORIGIN, "ledger", Start.CONTINUE, keys))) {
                    builder.start();
                    builder.round(Meanwhile.NOTHING);
                }
                SignedNote published = SignedNote.parse(Files.readAllBytes(directory.resolve("ledger/checkpoint")));
                byOld.add(before.judge(published) instanceof Judgement.Accepted);
                byNew.add(after.judge(published) instanceof Judgement.Accepted);
                if (keys.length == 2) {
                    assertThat(new String(
                                    Files.readAllBytes(directory.resolve("ledger/checkpoint")), StandardCharsets.UTF_8))
                            .as("for verifiers that know either")
                            .contains("\n\n\u2014 ")
                            .satisfies(note ->
                                    assertThat(note.split("\u2014 ", -1)).hasSize(3));
                }
            }
            List<LedgerEntry> entries =
                    rig.audit(LedgerRig.ORIGIN, next, rig.keyFile).entries();
            assertThat(entries).extracting(entry -> entry.keys().size()).containsExactly(1, 2, 1);
            assertThat(byOld).as("a policy with the old key, which keeps it").containsExactly(true, true, false);
            assertThat(byNew).as("one with the new key").containsExactly(false, true, true);
        }
    }

    private static Policy policy(Path key) {
        return Policy.ofLogs(KeyFiles.read(LedgerRig.ORIGIN, List.of(key)).stream()
                .map(each -> each.verifierKey(KeyType.ED25519))
                .toList());
    }
}
