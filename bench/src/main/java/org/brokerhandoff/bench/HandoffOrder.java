package org.brokerhandoff.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.EventId;

/**
 * Whether the events of each signup are in {@code handoffs} in a possible order. Take them in the order of the log. A repeat, identified by
 * its id, may be anywhere after the first.
 */
final class HandoffOrder {
    private final Map<UUID, Course> courses = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> counts = new HashMap<>();

    private static final class Course {
        private final Set<String> seen = new HashSet<>();
        /** When the first assignment to each broker was appended. */
        private final Map<String, Instant> assigned = new HashMap<>();

        private int hop = -1;
        private boolean ended;
        private Optional<Instant> delivered = Optional.empty();
    }

    /** Takes the next event. */
    void take(SpecificRecord event, Instant appendedAt) {
        Optional<UUID> signup = EventId.signup(event);
        if (signup.isEmpty()) {
            return;
        }
        Course course = courses.computeIfAbsent(signup.get(), id -> new Course());
        if (!course.seen.add(EventId.of(event))) {
            counts.merge("repeats", 1L, Long::sum);
            return;
        }
        counts.merge(event.getSchema().getName(), 1L, Long::sum);
        problem(event, appendedAt, course).ifPresent(problem -> problems.add(signup.get() + ": " + problem));
    }

    private static Optional<String> problem(SpecificRecord event, Instant appendedAt, Course course) {
        if (event instanceof Assigned assigned) {
            int hop = assigned.getHop();
            boolean follows = hop == course.hop + 1;
            course.hop = Math.max(course.hop, hop);
            course.assigned.putIfAbsent(assigned.getBroker(), appendedAt);
            return after(course, "Assigned")
                    .or(() ->
                            follows ? Optional.empty() : Optional.of("hop " + hop + " does not follow the one before"));
        } else if (event instanceof AttemptMade attempt) {
            // The former router may record it after the acceptance; it must not begin after it.
            return course.delivered.filter(attempt.getStartedAt()::isAfter).isPresent()
                    ? Optional.of("an attempt after the acceptance")
                    : unassigned(course, attempt.getBroker(), "AttemptMade");
        } else if (event instanceof Refused refused) {
            return after(course, "Refused").or(() -> unassigned(course, refused.getBroker(), "Refused"));
        } else if (event instanceof Released released) {
            return after(course, "Released").or(() -> unassigned(course, released.getBroker(), "Released"));
        } else if (event instanceof Delivered delivered) {
            Optional<String> problem =
                    after(course, "Delivered").or(() -> unassigned(course, delivered.getBroker(), "Delivered"));
            course.ended = true;
            course.delivered = Optional.of(delivered.getAcceptedAt());
            return problem;
        } else if (event instanceof Undeliverable) {
            Optional<String> problem = after(course, "Undeliverable");
            course.ended = true;
            return problem;
        } else if (event instanceof Postponed || event instanceof Parked || event instanceof PingMade) {
            return after(course, event.getSchema().getName());
        }
        return Optional.empty();
    }

    private static Optional<String> after(Course course, String what) {
        return course.ended ? Optional.of(what + " after its end") : Optional.empty();
    }

    private static Optional<String> unassigned(Course course, String broker, String what) {
        return course.assigned.containsKey(broker)
                ? Optional.empty()
                : Optional.of(what + " of " + broker + " before its assignment");
    }

    /** When the log had the first assignment of the signup to the broker, by Kafka's clock. */
    Optional<Instant> assigned(UUID signup, String broker) {
        return Optional.ofNullable(courses.get(signup)).map(course -> course.assigned.get(broker));
    }

    /** Impossible orders. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Events by type, and repeats. */
    long count(String type) {
        return counts.getOrDefault(type, 0L);
    }
}
