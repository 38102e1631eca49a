package org.brokerhandoff.audit.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.SignupIds;

/** A ledger over one partition of two topics, of which only {@code consents} is indexed, made by the code of the builder. */
final class SmallLedger {
    static final String ORIGIN = "bench.example.org/ledger/1";
    private static final String KEY = ORIGIN + "+a7fc80cb+ARPST3H7wFYkJl/HWj88G9WsfYGrxtPzjL3QrIUvqfKH";
    static final Instant APPENDED = Instant.parse("2025-11-28T10:14:00Z");

    final IndexedLedger ledger = new IndexedLedger();
    final List<LedgerEntry> entries = new ArrayList<>();

    /** The record of the signup with this number at an offset. */
    static Leaf record(String topic, long offset, int signup) {
        return new Leaf.Present(
                new Leaf.Place(topic, 0, offset),
                APPENDED.plusSeconds(offset),
                Optional.of(SignupIds.bytes(id(signup))),
                List.of(),
                Optional.of("event".getBytes(StandardCharsets.UTF_8)));
    }

    static UUID id(int signup) {
        return new UUID(7, signup);
    }

    /** The next entry, over records of each topic, by the signups that they are of. */
    LedgerEntry entry(long firstConsent, List<Integer> consents, long firstPlace, List<Integer> places) {
        List<Run> runs = new ArrayList<>();
        run("consents", firstConsent, consents, runs);
        run("places", firstPlace, places, runs);
        boolean first = entries.isEmpty();
        LedgerEntry entry = ledger.draft(
                new IndexedLedger.Heading(
                        1_764_324_900L + entries.size(),
                        1_764_324_894_000L + entries.size(),
                        first ? Optional.of(new Genesis(ORIGIN, "cluster", 1, Optional.empty())) : Optional.empty(),
                        first
                                ? List.of(
                                        new TopicLine("consents", "AAAAAAAAAAAAAAAAAAAAAA", true),
                                        new TopicLine("places", "BBBBBBBBBBBBBBBBBBBBBB", false))
                                : List.of(),
                        first ? List.of(KEY) : List.of()),
                runs);
        ledger.commit();
        entries.add(entry);
        return entry;
    }

    private static void run(String topic, long first, List<Integer> signups, List<Run> runs) {
        if (signups.isEmpty()) {
            return;
        }
        List<LeafDigest> digests = new ArrayList<>();
        for (int i = 0; i < signups.size(); i++) {
            digests.add(LeafDigest.of(record(topic, first + i, signups.get(i))));
        }
        runs.add(new Run(topic, 0, first, digests));
    }
}
