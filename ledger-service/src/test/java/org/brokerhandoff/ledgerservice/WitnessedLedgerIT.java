package org.brokerhandoff.ledgerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.ledgerservice.witness.Meanwhile;
import org.brokerhandoff.ledgerservice.witness.Witnesses;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger and its witness: slow, unavailable, or with an older copy of its state; and knowledge of a witness or a copy that a restored host lacks. */
class WitnessedLedgerIT {
    @TempDir
    private Path directory = Path.of("");

    private LedgerRig rig() {
        return new LedgerRig(
                directory,
                TestKafka.shared().bootstrapServers(),
                TestKafka.shared().randomTopicPrefix());
    }

    private static void round(LedgerRig rig, String folder) throws Exception {
        try (LedgerBuilder builder = rig.builder(folder)) {
            builder.start();
            builder.round(Meanwhile.NOTHING);
        }
    }

    @Test
    void while_a_witness_takes_its_time_the_ledger_answers_of_the_checkpoint_that_it_is_to_cosign() throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed();
                LedgerService service = LedgerService.start(
                        rig.settings(LedgerRig.ORIGIN, "ledger", Start.CONTINUE),
                        rig.outside(),
                        new SimpleMeterRegistry(),
                        Step.Observer.NONE)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> service.state() instanceof LedgerState.Running);
            CountDownLatch hand = witness.hold();
            UUID id = rig.events(3).get(0);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> rig.published("ledger").size() == 2);

            assertThat(service.standing(id).get(5, TimeUnit.SECONDS).proof().end())
                    .as("before the witness has answered")
                    .isInstanceOf(IndexProof.End.Present.class);
            assertThat(rig.cosigned("ledger")).isFalse();
            assertThat(service.state().health()).isEqualTo(Health.healthy());

            hand.countDown();
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.cosigned("ledger"));
        }
    }

    @Test
    void while_a_witness_is_away_the_ledger_goes_on_and_says_so_and_later_it_catches_up() throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed()) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            rig.witnesses = new Witnesses(rig.policy(), meters);
            try (LedgerBuilder builder = rig.builder("ledger")) {
                builder.start();
                builder.round(Meanwhile.NOTHING);
                witness.away(true);
                for (int round = 0; round < 2; round++) {
                    rig.events(1);
                    builder.round(Meanwhile.NOTHING);
                }
                assertThat(rig.published("ledger").size()).isEqualTo(3);
                assertThat(rig.cosigned("ledger")).isFalse();
                assertThat(meters.get("handoff.ledger.witness.failures")
                                .counter()
                                .count())
                        .isEqualTo(2);
                assertThat(meters.get("handoff.ledger.witness.entries").gauge().value())
                        .isEqualTo(1);
                witness.away(false);
                builder.round(Meanwhile.NOTHING);
                assertThat(rig.cosigned("ledger")).isTrue();
            }
            witness.neverContradictedItself();
        }
    }

    @Test
    void a_host_that_is_restored_whole_is_found_by_its_witness_and_by_nothing_else() throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed()) {
            rig.events(2);
            round(rig, "ledger");
            LedgerRig.copy(directory.resolve("ledger"), directory.resolve("old"));
            LedgerRig.copy(directory.resolve("ledger"), directory.resolve("alone"));
            rig.events(2);
            round(rig, "ledger");
            Checkpoint lost = rig.published("ledger");
            // Records of the topic from before the copy of the folder: its builder republishes the rest.
            rig.recreate(Topic.CHECKPOINTS);

            assertThat(LedgerRig.halts(rig.builder("old"))).isEqualTo(Reason.LEDGER_RESTORED);

            Witnesses asked = rig.witnesses;
            rig.witnesses = LedgerRig.noWitness();
            rig.events(1);
            round(rig, "alone");
            assertThat(rig.published("alone").size()).isEqualTo(lost.size());
            assertThat(rig.published("alone").root()).as("a second tree").isNotEqualTo(lost.root());
            rig.witnesses = asked;
            assertThat(LedgerRig.halts(rig.builder("alone")))
                    .as("as many entries, and others")
                    .isEqualTo(Reason.LEDGER_RESTORED);
            witness.neverContradictedItself();
        }
    }

    @Test
    void a_host_that_is_restored_whole_is_found_by_a_copy_of_its_checkpoint_that_is_elsewhere() throws Exception {
        try (LedgerRig rig = rig()) {
            Path copy = rig.copied().resolve("checkpoint");
            rig.events(2);
            round(rig, "ledger");
            LedgerRig.copy(directory.resolve("ledger"), directory.resolve("old"));
            rig.events(2);
            round(rig, "ledger");
            assertThat(copy).hasSameBinaryContentAs(directory.resolve("ledger/checkpoint"));
            rig.recreate(Topic.CHECKPOINTS);

            assertThat(LedgerRig.halts(rig.builder("old"))).isEqualTo(Reason.LEDGER_RESTORED);
            assertThat(copy).as("it is evidence").hasSameBinaryContentAs(directory.resolve("ledger/checkpoint"));
        }
    }

    @Test
    void a_witness_that_got_an_older_copy_of_its_state_is_found_out_and_its_cosignature_not_taken() throws Exception {
        try (LedgerRig rig = rig();
                RulesWitness witness = rig.witnessed();
                LedgerBuilder builder = rig.builder("ledger")) {
            builder.start();
            builder.round(Meanwhile.NOTHING);
            Optional<SignedNote> backup = witness.state();
            rig.events(1);
            builder.round(Meanwhile.NOTHING);
            assertThat(rig.cosigned("ledger")).isTrue();
            List<Checkpoint> before = witness.cosigned();

            witness.restore(backup);
            rig.events(1);
            builder.round(Meanwhile.NOTHING);

            assertThat(rig.published("ledger").size()).as("the ledger goes on").isEqualTo(3);
            assertThat(rig.cosigned("ledger")).isFalse();
            assertThat(witness.cosigned()).isEqualTo(before);
        }
    }
}
