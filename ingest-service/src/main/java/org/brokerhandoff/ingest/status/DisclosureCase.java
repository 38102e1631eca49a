package org.brokerhandoff.ingest.status;

import java.util.Optional;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.SignupStatus;

/**
 * A request for disclosure and where its signup stands.
 *
 * @param signup empty only where the log has the request and not the signup
 */
public record DisclosureCase(Disclosure request, Optional<SignupStatus> signup) {}
