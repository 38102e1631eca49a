package org.brokerhandoff.ingest.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;

/**
 * What a visitor chose of cookies.
 *
 * @param visitor a version 4 UUID, so that it cannot be a signup's
 * @param accepted kinds that are accepted; every other kind is refused
 * @param documentSha256 digest of the cookie policy that was shown; absent only where nothing is accepted
 * @param chosenAt when, to the millisecond
 */
public record CookieChoice(
        UUID visitor,
        Set<CookieKind> accepted,
        Optional<String> documentSha256,
        CookieChoiceMethod method,
        Instant chosenAt) {
    /** Copies the kinds. */
    public CookieChoice {
        accepted = Set.copyOf(accepted);
    }

    /** The withdrawal of everything that the visitor accepted. */
    public static CookieChoice withdrawal(UUID visitor, Instant at) {
        return new CookieChoice(visitor, Set.of(), Optional.empty(), CookieChoiceMethod.WITHDRAWAL, at);
    }
}
