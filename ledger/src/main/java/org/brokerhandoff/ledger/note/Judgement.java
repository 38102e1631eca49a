package org.brokerhandoff.ledger.note;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a policy makes of a signed checkpoint. */
public sealed interface Judgement {
    /** Who stands for the checkpoint. */
    enum Level {
        /** The log alone: it may have shown another tree to others. */
        SIGNED,
        /** A quorum of witnesses saw no other tree of this origin. */
        WITNESSED,
        /** Besides, the group {@value Policy#RECOMPUTING} of the policy has computed the ledger from the events. */
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

        /** The level as verdicts print it, with the witnesses by name. */
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

    /** This program cannot tell. */
    record Undecided(String reason) implements Judgement {}
}
