/**
 * The register: a projection of the kept topics into SQL that answers the status of a signup.
 *
 * <p>Its content comes entirely from the event log, so it can be dropped and rebuilt at any time. It decides nothing, publishes nothing and
 * holds no personal data; a fact that is not in a kept topic is not here.
 */
@NullMarked
package org.brokerhandoff.register;

import org.jspecify.annotations.NullMarked;
