package org.brokerhandoff.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.IndexedLedger.Heading;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ledgers that an operator forged and signed, and the findings of an examining witness. */
class LedgerExaminationIT {
    private static final String ORIGIN = "handoff.example.org/test/ledger/1";

    private final TestKafka kafka = TestKafka.shared();
    private final KafkaClients clients = new KafkaClients(new EventLogSettings(
            kafka.bootstrapServers(), Map.of(), kafka.randomTopicPrefix(), 1, 1, Duration.ofHours(24)));
    private final EventCodec codec = new EventCodec();
    private final Admin admin = clients.admin("test");
    private final EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system());
    private final List<Leaf.Present> leaves = new ArrayList<>();
    private final IndexedLedger forged = new IndexedLedger();
    private final LedgerExamination ledgerOnly = new LedgerExamination(clients, codec, ORIGIN, false);
    private final LedgerExamination events = new LedgerExamination(clients, codec, ORIGIN, true);

    @BeforeEach
    void provision() {
        new TopicProvisioner(admin, clients.settings()).provision();
    }

    @AfterEach
    void close() {
        ledgerOnly.close();
        events.close();
        publisher.close();
        admin.close();
    }

    private void withdraw() throws Exception {
        UUID id = UUID.randomUUID();
        leaves.add(publisher
                .publishLeaf(
                        Topic.CONSENTS,
                        id,
                        ConsentWithdrawn.newBuilder()
                                .setSignupId(SignupIds.fixed(id))
                                .setWithdrawnAt(Instant.EPOCH)
                                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                                .build())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .orElseThrow());
    }

    /** Publishes the next entry, over the leaves from {@code first} on as {@code changed} has them; returns the checkpoint over it. */
    private Checkpoint entry(int first, UnaryOperator<LeafDigest> changed) throws Exception {
        List<LeafDigest> digests = leaves.subList(first, leaves.size()).stream()
                .map(LeafDigest::of)
                .map(changed)
                .toList();
        boolean genesis = forged.chain().size() == 0;
        var entry = forged.draft(
                new Heading(
                        1,
                        1,
                        genesis ? Optional.of(new Genesis(ORIGIN, "cluster", 1, Optional.empty())) : Optional.empty(),
                        genesis
                                ? List.of(new TopicLine("consents", "id", true), new TopicLine("handoffs", "id", true))
                                : List.of(),
                        genesis ? List.of("key+00000000+AA==") : List.of()),
                List.of(new Run("consents", 0, first, digests)));
        forged.commit();
        publisher
                .publishToLedger(ORIGIN, new LedgerEntry(ORIGIN, entry.number(), entry.text()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new Checkpoint(ORIGIN, forged.chain().size(), forged.chain().root());
    }

    @Test
    void an_index_that_leaves_out_one_event_is_found_by_who_computes_it_and_by_no_one_else() throws Exception {
        withdraw();
        withdraw();
        Checkpoint right = entry(0, UnaryOperator.identity());
        assertThat(ledgerOnly.objection(right)).isEmpty();
        assertThat(events.objection(right)).isEmpty();

        withdraw();
        Checkpoint omitting = entry(
                2,
                leaf -> new LeafDigest(
                        leaf.hash(), Optional.empty(), Optional.empty(), leaf.appendedAt(), leaf.eventId()));
        assertThat(ledgerOnly.objection(omitting))
                .as("the entries alone do not show it")
                .isEmpty();
        assertThat(events.objection(omitting))
                .hasValueSatisfying(why -> assertThat(why).contains("entry 1", "index of partition 0"));
        assertThat(events.objection(right)).as("what was before is as it was").isEmpty();
    }

    @Test
    void a_leaf_that_is_not_the_one_in_kafka_is_found_by_who_computes_and_another_root_by_who_reads() throws Exception {
        withdraw();
        Checkpoint right = entry(0, UnaryOperator.identity());
        assertThat(ledgerOnly.objection(new Checkpoint(ORIGIN, 1, Hash.ZERO)))
                .hasValueSatisfying(why -> assertThat(why).contains("another root at size 1"));
        assertThat(ledgerOnly.objection(new Checkpoint(ORIGIN, 2, Hash.ZERO)))
                .hasValueSatisfying(why -> assertThat(why).contains("has 1 entries"));
        assertThat(ledgerOnly.objection(right)).isEmpty();

        withdraw();
        Checkpoint changed =
                entry(1, leaf -> new LeafDigest(Hash.ZERO, leaf.path(), leaf.id(), leaf.appendedAt(), leaf.eventId()));
        assertThat(events.objection(changed))
                .hasValueSatisfying(why -> assertThat(why).contains("consents", "offsets 1 to 1"));
    }
}
