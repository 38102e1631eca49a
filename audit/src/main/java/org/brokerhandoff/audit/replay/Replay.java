package org.brokerhandoff.audit.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventId;

/** Replays the decisions of a log, one partition after the other, and collects the differences. Single use. */
public final class Replay {
    private final Directories directories;
    private final PlaceBook places;
    private final Predicate<UUID> signups;
    private final List<ReplayReport.Difference> differences = new ArrayList<>();
    private DecisionReplay decisions;
    private InputCheck inputs = new InputCheck();
    private long assigned;
    private long postponed;
    private long undeliverable;
    private long overtaken;
    private long equal;

    /**
     * A replay of the decisions about {@code signups}.
     *
     * @param places all of them, from the start of the topic
     */
    public Replay(Directories directories, PlaceBook places, Predicate<UUID> signups) {
        this.directories = directories;
        this.places = places;
        this.signups = signups;
        this.decisions = new DecisionReplay(directories, places);
        directories.mislabelled().stream()
                .map(digest -> new ReplayReport.Difference(
                        Optional.empty(), Optional.empty(), "digest", "that of the content", Digests.hex(digest)))
                .forEach(differences::add);
    }

    /**
     * Takes the next event of {@code handoffs} or {@code consents} of the current partition.
     *
     * @param place its position, for the report
     */
    public void take(SpecificRecord event, String place) {
        Optional<UUID> signup = EventId.signup(event).filter(signups);
        if (signup.isEmpty()) {
            return;
        }
        inputs.take(event);
        Optional<DecisionReplay.Outcome> outcome = decisions.take(event);
        if (outcome.isEmpty()) {
            return;
        }
        count(event);
        if (outcome.get() instanceof DecisionReplay.Outcome.Same same) {
            equal++;
            overtaken += same.overtaken() ? 1 : 0;
        } else if (outcome.get() instanceof DecisionReplay.Outcome.Different different) {
            differences.add(new ReplayReport.Difference(
                    signup, Optional.of(place), "decision", different.expected(), different.actual()));
        } else {
            differences.add(new ReplayReport.Difference(
                    signup, Optional.of(place), "directory", "a published version", "one that was never published"));
        }
        decisions
                .impossibleLoads(event)
                .forEach(sentence -> differences.add(new ReplayReport.Difference(
                        signup, Optional.of(place), "load", "no more places than were taken", sentence)));
    }

    private void count(SpecificRecord event) {
        if (event instanceof Assigned) {
            assigned++;
        } else if (event instanceof Postponed) {
            postponed++;
        } else {
            undeliverable++;
        }
    }

    /** Ends the partition. */
    public void endPartition() {
        inputs.deviations()
                .forEach(deviation -> differences.add(new ReplayReport.Difference(
                        Optional.of(deviation.signupId()),
                        Optional.empty(),
                        "inputs",
                        deviation.expected(),
                        deviation.actual())));
        inputs = new InputCheck();
        decisions = new DecisionReplay(directories, places);
    }

    /** The result. */
    public ReplayReport report() {
        return new ReplayReport(
                new ReplayReport.Counts(
                        assigned,
                        postponed,
                        undeliverable,
                        overtaken,
                        equal,
                        directories.count(),
                        places.requests(),
                        places.granted()),
                differences);
    }
}
