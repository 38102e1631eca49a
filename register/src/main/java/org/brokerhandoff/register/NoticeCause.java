package org.brokerhandoff.register;

import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * What brokers are notified of.
 *
 * @param signupId the signup
 * @param requestId the request about it; empty: the withdrawal of its consent
 */
public record NoticeCause(UUID signupId, Optional<UUID> requestId) {
    /** By signup and request, the withdrawal first. */
    static final Comparator<NoticeCause> ORDER = Comparator.comparing(NoticeCause::signupId)
            .thenComparing(cause -> cause.requestId().orElse(NoticeCause.NO_REQUEST));

    private static final UUID NO_REQUEST = new UUID(0, 0);

    /** The withdrawal of a signup's consent. */
    public static NoticeCause withdrawal(UUID signupId) {
        return new NoticeCause(signupId, Optional.empty());
    }

    /** The tables' value for {@code request}; a column of a primary key cannot be null. */
    static byte[] column(@Nullable RandomId request) {
        return request == null ? SignupIds.bytes(NO_REQUEST) : request.bytes();
    }

    /** The two columns of a cause. */
    static NoticeCause of(byte[] signupId, byte[] requestId) {
        UUID request = SignupIds.uuid(requestId);
        return new NoticeCause(
                SignupIds.uuid(signupId), request.equals(NO_REQUEST) ? Optional.empty() : Optional.of(request));
    }

    byte[] requestColumn() {
        return SignupIds.bytes(requestId.orElse(NO_REQUEST));
    }
}
