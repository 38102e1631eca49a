package org.brokerhandoff.website.visit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which browser sent what: ids of signups and messages by the id of a session, in memory only, for a day at most. Bounded; the oldest go
 * first. Belongs to one event loop.
 */
public final class Visits {
    /** As long as ingest holds a signup at most, unless it is set otherwise. */
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final int MOST_ITEMS = 5;

    private final int most;
    private final Map<String, Visit> visits = new LinkedHashMap<>();
    private final Map<String, Sending> sendings = new LinkedHashMap<>();

    /**
     * No visits yet.
     *
     * @param most sessions, and forms, that are remembered at a time
     */
    public Visits(int most) {
        this.most = most;
    }

    /**
     * A thing that was sent.
     *
     * @param message whether it is a message to the helpdesk, and no signup
     */
    public record Item(UUID id, boolean message) {}

    private record Visit(List<Item> items, Instant until) {}

    /** A form that was sent: since when its consent counts, and in which session its outcome is shown, once there is one. */
    private record Sending(Instant givenAt, Optional<String> session) {}

    /** What was sent in a session, the newest first. */
    public List<Item> of(String session, Instant now) {
        Visit visit = visits.get(session);
        return visit == null || !visit.until().isAfter(now) ? List.of() : visit.items();
    }

    /** The newest signup that was sent in a session. */
    public Optional<UUID> signup(String session, Instant now) {
        return of(session, now).stream()
                .filter(item -> !item.message())
                .map(Item::id)
                .findFirst();
    }

    /**
     * When the consent of a form counts as given: its first sending, however often it is repeated, until it is refused.
     *
     * @param token of the form
     */
    public Instant givenAt(String token, Instant now) {
        Sending earlier = sendings.get(token);
        if (earlier != null) {
            return earlier.givenAt();
        }
        makeRoom(sendings);
        sendings.put(token, new Sending(now, Optional.empty()));
        return now;
    }

    /** Whether something came of a form already. */
    public boolean wasAccepted(String token) {
        Sending sending = sendings.get(token);
        return sending != null && sending.session().isPresent();
    }

    /** Forgets that a form was sent, since nothing came of it: the next sending is a new act. */
    public void refused(String token) {
        Sending sending = sendings.get(token);
        if (sending != null && sending.session().isEmpty()) {
            sendings.remove(token);
        }
    }

    /**
     * Keeps what came of a form, in a session of a new name: one that another person may have given to this browser must not show it.
     *
     * @param session the one that the form was sent in
     * @param newSession makes a name
     * @return the session's name from now on; of a form that was sent before, that of its first sending
     */
    public String accepted(String token, Item item, String session, Supplier<String> newSession, Instant now) {
        Sending earlier = sendings.get(token);
        if (earlier != null && earlier.session().isPresent()) {
            return earlier.session().get();
        }
        List<Item> items = new ArrayList<>();
        items.add(item);
        for (Item old : of(session, now)) {
            if (items.size() < MOST_ITEMS && (old.message() || item.message())) {
                items.add(old);
            }
        }
        visits.remove(session);
        String renamed = newSession.get();
        makeRoom(visits);
        visits.put(renamed, new Visit(List.copyOf(items), now.plus(LONGEST)));
        sendings.put(token, new Sending(earlier == null ? now : earlier.givenAt(), Optional.of(renamed)));
        return renamed;
    }

    private void makeRoom(Map<String, ?> map) {
        if (map.size() >= most) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
