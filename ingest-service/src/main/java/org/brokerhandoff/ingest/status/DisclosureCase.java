package org.brokerhandoff.ingest.status;

import java.util.Optional;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.register.SignupStatus;

/**
 * A request for disclosure and the status of its signup.
 *
 * @param signup empty only if the log has the request and not the signup
 */
public record DisclosureCase(Disclosure request, Optional<SignupStatus> signup) {}
