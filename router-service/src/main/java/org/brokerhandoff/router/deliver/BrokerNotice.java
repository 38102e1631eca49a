package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * What a notice tells a broker: by signup id alone, nothing of a person. That of a rectification is sent with the corrected person beside it.
 *
 * @param type what was asked for
 * @param requestedAt when that was
 * @param requestId the request that it tells of; empty: the withdrawal of a consent
 */
public record BrokerNotice(UUID signupId, NoticeType type, Instant requestedAt, Optional<UUID> requestId) {
    /** That of which a correction is the content: its request has the id that the new data is sealed under. Empty for what corrects nothing. */
    public static Optional<BrokerNotice> ofCorrection(PendingSignup signup) {
        return signup.concerns()
                .map(corrected -> new BrokerNotice(
                        corrected, NoticeType.RECTIFICATION, signup.receivedAt(), Optional.of(signup.signupId())));
    }

    /** Header {@code webhook-id} of what is sent of {@code signup}, and of questions about it: its id, or of a correction that of its notice. */
    static String webhookIdOf(PendingSignup signup) {
        return ofCorrection(signup)
                .map(BrokerNotice::webhookId)
                .orElseGet(() -> signup.signupId().toString());
    }

    /** The type's name on the wire. */
    public String wireType() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Header {@code webhook-id}: the same in every sending, so that the broker recognises a repeat; another for each request. */
    public String webhookId() {
        return signupId + "/" + wireType() + requestId.map(id -> "/" + id).orElse("");
    }
}
