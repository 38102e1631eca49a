package org.brokerhandoff.router.directory;

import java.net.URI;
import java.time.LocalDate;
import java.util.Optional;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.RecipientRole;

/**
 * Who a broker is to a person, and on which ground it gets data.
 *
 * @param cookiePolicy the broker's own cookie policy
 * @param contact where people reach it: an e-mail address or an https page
 * @param establishedIn country of establishment, ISO 3166-1 alpha-2
 * @param agreement the agreement with it
 * @param role what it is in the terms of the GDPR
 */
public record Profile(
        Optional<URI> cookiePolicy,
        Optional<String> contact,
        Optional<String> establishedIn,
        Optional<Agreement> agreement,
        RecipientRole role) {
    /**
     * An agreement.
     *
     * @param validUntil its last day, by the clocks of the broker's zone
     */
    public record Agreement(String reference, LocalDate validUntil) {}

    /** What holds where the directory says nothing of it. A helpdesk answers for the operator: it is a processor. */
    public static Profile of(RecipientKind kind) {
        return new Profile(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind == RecipientKind.HELPDESK ? RecipientRole.PROCESSOR : RecipientRole.CONTROLLER);
    }
}
