package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;

/**
 * A visitor's current choice of cookies.
 *
 * @param accepted kinds that are accepted; every other kind is refused
 * @param documentSha256 digest of the cookie policy that was shown, in hexadecimal; absent only where nothing is accepted
 */
public record PresentCookieChoice(
        List<CookieKind> accepted,
        Optional<String> documentSha256,
        CookieChoiceMethod method,
        Instant chosenAt,
        Instant recordedAt) {
    /** Copies the kinds. */
    public PresentCookieChoice {
        accepted = List.copyOf(accepted);
    }
}
