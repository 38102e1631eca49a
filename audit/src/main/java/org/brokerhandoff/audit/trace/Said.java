package org.brokerhandoff.audit.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.HoldingFound;

/** One value in an event, typed, so that each reader can format it. */
public sealed interface Said {
    /** For the command line and for programs: English, and stable. */
    String plain();

    /** A language-independent text: an id, a number, names from the directory. */
    record Text(String plain) implements Said {}

    /** A moment. */
    record Moment(Instant at) implements Said {
        @Override
        public String plain() {
            return at.toString();
        }
    }

    /** A constant of the log, by its name. */
    record Named(Enum<?> value) implements Said {
        @Override
        public String plain() {
            return value.name();
        }
    }

    /** Constants of the log, as words. */
    record Worded(List<? extends Enum<?>> values) implements Said {
        /** Copies the list. */
        public Worded {
            values = List.copyOf(values);
        }

        @Override
        public String plain() {
            return values.stream().map(Said::words).collect(Collectors.joining(" and "));
        }
    }

    /** A person in a country. */
    record From(Enum<?> who, String country) implements Said {
        @Override
        public String plain() {
            return words(who) + " in " + country;
        }
    }

    /** A duration. */
    record Lasting(Duration duration) implements Said {
        @Override
        public String plain() {
            return TimeLine.delta(duration);
        }
    }

    /** Yes or no. */
    record Agreed(boolean yes) implements Said {
        @Override
        public String plain() {
            return yes ? "yes" : "no";
        }
    }

    /** What a request found in custody. */
    record Found(HoldingFound found) implements Said {
        @Override
        public String plain() {
            return switch (found) {
                case HELD -> "the key, and no broker that had been offered the data";
                case HANDOFF_STARTED -> "a broker that had been offered the data";
                case ENDED -> "the key destroyed";
            };
        }
    }

    /** Brokers that a decision passed over, with its reasons. */
    record PassedOver(List<Exclusion> exclusions) implements Said {
        /** Copies the list. */
        public PassedOver {
            exclusions = List.copyOf(exclusions);
        }

        @Override
        public String plain() {
            return exclusions.stream()
                    .map(exclusion -> exclusion.getBroker() + " " + exclusion.getReason())
                    .collect(Collectors.joining(" and "));
        }
    }

    /** How many of the replicas were in sync. */
    record InSync(int inSync, int replicas) implements Said {
        @Override
        public String plain() {
            return inSync + " of " + replicas + " in sync";
        }
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
