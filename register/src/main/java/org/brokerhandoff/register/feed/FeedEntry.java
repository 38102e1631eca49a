package org.brokerhandoff.register.feed;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.schemas.Digests;

/**
 * One entry for a website's backend: ids and facts, no personal data.
 *
 * @param id opaque; the same whenever the same fact is sent again
 * @param type what happened
 * @param timestamp when it happened, by the service that recorded it
 * @param signupId its signup; empty if it concerns none
 * @param data further members, by name, in the order in which they are written
 */
public record FeedEntry(
        String id, FeedType type, Instant timestamp, Optional<UUID> signupId, Map<String, String> data) {
    private static final int ID_DIGITS = 32;

    /** Keeps the order of {@code data}. */
    public FeedEntry {
        data = new LinkedHashMap<>(data);
    }

    /**
     * An entry about a fact.
     *
     * @param fact the fact's own id, which its repeats share
     */
    static FeedEntry of(
            String fact, FeedType type, Instant timestamp, Optional<UUID> signupId, Map<String, String> data) {
        // Derived from the event id alone: events are sent again after a crash, with unchanged ids.
        String digest = Digests.hex(Digests.sha256(fact)).substring(0, ID_DIGITS);
        return new FeedEntry("evt_" + digest, type, timestamp, signupId, data);
    }

    /** {@code {"id","type","timestamp","data":{"signupId"?,…}}}, on one line. */
    public String toJson() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("type", type.wireName())
                .put("timestamp", timestamp.toString());
        ObjectNode members = json.putObject("data");
        signupId.ifPresent(signup -> members.put("signupId", signup.toString()));
        data.forEach(members::put);
        return json.toString();
    }
}
