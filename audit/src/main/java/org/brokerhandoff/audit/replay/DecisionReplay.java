package org.brokerhandoff.audit.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.Candidate;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.routing.Assigner;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.routing.CapWindow;
import org.brokerhandoff.routing.Decision;
import org.brokerhandoff.routing.PassedOverRules;
import org.brokerhandoff.routing.RoutingInput;
import org.brokerhandoff.schemas.EventId;

/**
 * Replays the decisions of one partition of {@code handoffs}. Take every event in the order of the log.
 *
 * <p>A decision is made from the inputs in its event, the directory version with its digest, and the earlier events about the same signup.
 * The deciding router need not have known all of these: when two routers change over in a rebalance, one may decide by what it has read while
 * the other's record is being written. So a decision is also correct if it follows from the log's state at an earlier moment of that signup;
 * such decisions are counted separately. That no broker gets a signup that another one may have is a separate rule, and does not depend on
 * this.
 */
public final class DecisionReplay {
    /** Nothing passed over: the case of most signups to the end. */
    private static final List<Map<String, ExclusionReason>> FROM_THE_START = List.of(Map.of());

    private final Directories directories;
    private final PlaceBook places;
    private final Map<UUID, List<Map<String, ExclusionReason>>> passedOver = new HashMap<>();

    /** Decides by {@code directories}, and compares loads with {@code places}. */
    public DecisionReplay(Directories directories, PlaceBook places) {
        this.directories = directories;
        this.places = places;
    }

    /** Result of replaying a decision. */
    public sealed interface Outcome {
        /** The same. {@code overtaken}: by the state of the log before a record that was written meanwhile. */
        record Same(boolean overtaken) implements Outcome {}

        /** Something else. */
        record Different(String expected, String actual) implements Outcome {}

        /** Its directory was never published. */
        record NoDirectory() implements Outcome {}
    }

    /** Takes the next event; returns the result if it is a decision. */
    public Optional<Outcome> take(SpecificRecord event) {
        Optional<UUID> signup = EventId.signup(event);
        if (signup.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, ExclusionReason>> before = passedOver.getOrDefault(signup.get(), FROM_THE_START);
        if (event instanceof Assigned || event instanceof Postponed || event instanceof Undeliverable) {
            return Optional.of(decided(event, before));
        }
        Map<String, ExclusionReason> now = before.get(before.size() - 1);
        Map<String, ExclusionReason> then = PassedOverRules.with(now, event);
        if (!then.equals(now)) {
            List<Map<String, ExclusionReason>> more = new ArrayList<>(before);
            more.add(then);
            passedOver.put(signup.get(), more);
        }
        return Optional.empty();
    }

    private Outcome decided(SpecificRecord event, List<Map<String, ExclusionReason>> before) {
        Optional<List<BrokerFacts>> brokers = directories.version(digest(event));
        if (brokers.isEmpty()) {
            return new Outcome.NoDirectory();
        }
        String actual = statement(event);
        String newest = "";
        for (int i = before.size() - 1; i >= 0; i--) {
            String expected = statement(Assigner.decide(input(event, before.get(i)), brokers.get()));
            if (expected.equals(actual)) {
                return new Outcome.Same(i < before.size() - 1);
            }
            newest = newest.isEmpty() ? expected : newest;
        }
        return new Outcome.Different(newest, actual);
    }

    /**
     * Impossible loads in a decision: more places taken than ever were in that window. A router may have seen fewer than were taken, and its
     * view decides nothing: the log grants places.
     */
    public List<String> impossibleLoads(SpecificRecord event) {
        List<String> found = new ArrayList<>();
        List<BrokerFacts> brokers =
                event instanceof Assigned || event instanceof Postponed || event instanceof Undeliverable
                        ? directories.version(digest(event)).orElse(List.of())
                        : List.of();
        if (brokers.isEmpty()) {
            return found;
        }
        RoutingInput input = input(event, Map.of());
        for (BrokerLoad load : loads(event)) {
            brokers.stream()
                    .filter(broker -> broker.id().equals(load.getBroker()))
                    .findFirst()
                    .ifPresent(broker -> {
                        CapWindow window = CapWindow.at(input.decidedAt(), broker.zone());
                        Integer hourly = load.getHourlyPlaces();
                        Integer daily = load.getDailyPlaces();
                        if (hourly != null && hourly > places.mostInHour(broker.id(), window.hour())) {
                            found.add(hourly + " places of " + broker.id() + " were said to be taken in the hour of "
                                    + window.hour() + ", and never were");
                        }
                        if (daily != null && daily > places.mostOnDay(broker.id(), window.day())) {
                            found.add(daily + " places of " + broker.id() + " were said to be taken on the day of "
                                    + window.day() + ", and never were");
                        }
                    });
        }
        return found;
    }

    private static List<BrokerLoad> loads(SpecificRecord event) {
        if (event instanceof Assigned assigned) {
            return assigned.getLoads();
        }
        return event instanceof Postponed postponed ? postponed.getLoads() : ((Undeliverable) event).getLoads();
    }

    private static Digest digest(SpecificRecord event) {
        if (event instanceof Assigned assigned) {
            return assigned.getDirectoryDigest();
        }
        return event instanceof Postponed postponed
                ? postponed.getDirectoryDigest()
                : ((Undeliverable) event).getDirectoryDigest();
    }

    /** The inputs that a decision names, besides {@code passedOver}. */
    /** The inputs of {@code event}, if it is a decision; without the brokers passed over, which follow from the log. */
    public static Optional<RoutingInput> inputOf(SpecificRecord event) {
        return event instanceof Assigned || event instanceof Postponed || event instanceof Undeliverable
                ? Optional.of(input(event, Map.of()))
                : Optional.empty();
    }

    static RoutingInput input(SpecificRecord event, Map<String, ExclusionReason> passedOver) {
        if (event instanceof Assigned assigned) {
            return RoutingInput.of(assigned, passedOver);
        }
        return event instanceof Postponed postponed
                ? RoutingInput.of(postponed, passedOver)
                : RoutingInput.of((Undeliverable) event, passedOver);
    }

    /** The complete decision in one line, for comparison. */
    private static String statement(SpecificRecord event) {
        if (event instanceof Assigned e) {
            return assigned(
                    e.getBroker(),
                    e.getCandidates().stream().map(DecisionReplay::candidate).toList(),
                    e.getExclusions());
        } else if (event instanceof Postponed e) {
            return postponed(Objects.toString(e.getUntil(), "unknown"), e.getExclusions());
        }
        Undeliverable e = (Undeliverable) event;
        return undeliverable(e.getReason().name(), e.getExclusions());
    }

    private static String statement(Decision decision) {
        if (decision instanceof Decision.Assign assign) {
            return assigned(
                    assign.broker().id(),
                    assign.candidates().stream()
                            .map(broker -> candidate(new Candidate(broker.id(), broker.priority(), broker.weight())))
                            .toList(),
                    assign.exclusions());
        } else if (decision instanceof Decision.Wait wait) {
            return postponed(wait.until().map(Object::toString).orElse("unknown"), wait.exclusions());
        }
        Decision.NoBroker none = (Decision.NoBroker) decision;
        return undeliverable(none.reason().name(), none.exclusions());
    }

    private static String assigned(String broker, List<String> candidates, List<Exclusion> exclusions) {
        return "assigned to " + broker + " of " + String.join(" ", candidates) + excluded(exclusions);
    }

    private static String postponed(String until, List<Exclusion> exclusions) {
        return "postponed until " + until + excluded(exclusions);
    }

    private static String undeliverable(String reason, List<Exclusion> exclusions) {
        return "undeliverable, " + reason + excluded(exclusions);
    }

    private static String candidate(Candidate candidate) {
        return candidate.getBroker() + " (priority " + candidate.getPriority() + ", weight " + candidate.getWeight()
                + ")";
    }

    private static String excluded(List<Exclusion> exclusions) {
        return exclusions.isEmpty()
                ? ""
                : "; not "
                        + exclusions.stream()
                                .map(exclusion -> exclusion.getBroker() + " " + exclusion.getReason())
                                .collect(Collectors.joining(", "));
    }
}
