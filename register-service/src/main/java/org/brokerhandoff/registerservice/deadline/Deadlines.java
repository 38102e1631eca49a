package org.brokerhandoff.registerservice.deadline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.register.OpenRightsRequest;

/**
 * Open requests and purges against their deadlines. Pure.
 *
 * @param open unanswered requests
 * @param dueSoon those due within {@link #WARNING}
 * @param overdue those past their deadline
 * @param next the earliest deadline not yet missed
 * @param purgesOverdue signups without a purge after their promised time
 */
public record Deadlines(int open, int dueSoon, int overdue, Optional<Instant> next, int purgesOverdue) {
    /** Nothing is open. */
    public static final Deadlines NONE = new Deadlines(0, 0, 0, Optional.empty(), 0);

    /** How long before a deadline it is reported: a request has a month. */
    public static final Duration WARNING = Duration.ofDays(7);

    /** The state of {@code requests} at {@code now}, with {@code purgesOverdue}. */
    public static Deadlines of(List<OpenRightsRequest> requests, int purgesOverdue, Instant now) {
        int overdue = 0;
        int dueSoon = 0;
        Optional<Instant> next = Optional.empty();
        for (OpenRightsRequest request : requests) {
            Instant dueAt = request.dueAt();
            if (!now.isBefore(dueAt)) {
                overdue++;
                continue;
            }
            dueSoon += now.isBefore(dueAt.minus(WARNING)) ? 0 : 1;
            next = Optional.of(next.filter(dueAt::isAfter).orElse(dueAt));
        }
        return new Deadlines(requests.size(), dueSoon, overdue, next, purgesOverdue);
    }

    /** Impaired while a purge is overdue, or a request overdue or due within {@link #WARNING}. */
    public Health health() {
        if (purgesOverdue > 0) {
            return Health.impaired(
                    "purges-overdue", "signups without a purge past the time promised for it: " + purgesOverdue);
        } else if (overdue > 0) {
            return Health.impaired(
                    "rights-requests-overdue", "unanswered requests of people that are overdue: " + overdue);
        } else if (dueSoon > 0) {
            return Health.impaired(
                    "rights-requests-due",
                    "unanswered requests of people that are due within " + WARNING.toDays() + " days: " + dueSoon
                            + ", the next at "
                            + next.map(Instant::toString).orElse(""));
        }
        return Health.healthy();
    }
}
