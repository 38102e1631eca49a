package org.brokerhandoff.ledger.note;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The verdict of a policy on a signed checkpoint. */
public sealed interface Judgement {
    /** Who vouches for the checkpoint. */
    enum Level {
        /** The log alone: it may have shown another tree to others. */
        SIGNED,
        /** A quorum of witnesses saw no other tree of this origin. */
        WITNESSED,
        /** In addition, the group {@value Policy#RECOMPUTING} of the policy has recomputed the ledger from the events. */
        RECOMPUTED
    }

    /**
     * The policy is met.
     *
     * @param cosigned witnesses by their names in the policy, with the earliest time of a valid cosignature
     */
    record Accepted(Checkpoint checkpoint, Level level, Map<String, Instant> cosigned) implements Judgement {
        public Accepted {
            cosigned = Map.copyOf(cosigned);
        }

        /** The earliest time at which a witness of the policy saw this checkpoint. */
        public Optional<Instant> earliestCosignature() {
            return cosigned.values().stream().min(Instant::compareTo);
        }

        /** The level as shown in verdicts, with the witnesses by name. */
        public String standing() {
            return switch (level) {
                case SIGNED -> "signed by the log alone, NOT WITNESSED";
                case WITNESSED -> "WITNESSED, cosigned by " + cosigners();
                case RECOMPUTED -> "RECOMPUTED, cosigned by " + cosigners();
            };
        }

        private String cosigners() {
            return cosigned.keySet().stream().sorted().collect(Collectors.joining(", "));
        }
    }

    /** The policy is not met. */
    record Rejected(String reason) implements Judgement {}

    /** Undecided. */
    record Undecided(String reason) implements Judgement {}
}
