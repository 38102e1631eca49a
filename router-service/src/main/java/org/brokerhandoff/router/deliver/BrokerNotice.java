package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.NoticeType;

/**
 * What a notice tells a broker: by signup id alone, nothing of a person.
 *
 * @param type what was asked for
 * @param requestedAt when that was
 * @param requestId the request that it tells of; empty: the withdrawal of a consent
 */
public record BrokerNotice(UUID signupId, NoticeType type, Instant requestedAt, Optional<UUID> requestId) {
    /** The type's name on the wire. */
    public String wireType() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Header {@code webhook-id}: the same in every sending, so that the broker recognises a repeat; another for each request. */
    public String webhookId() {
        return signupId + "/" + wireType() + requestId.map(id -> "/" + id).orElse("");
    }
}
