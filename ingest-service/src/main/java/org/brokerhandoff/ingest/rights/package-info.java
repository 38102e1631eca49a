/**
 * Requests of people under Art. 15 to 21 GDPR: custody first, then the event, then the answer.
 *
 * <p>No HTTP. The decisions are in {@link org.brokerhandoff.ingest.rights.RightsRules} and {@link
 * org.brokerhandoff.ingest.rights.RightsProgress}, which are pure.
 */
@NullMarked
package org.brokerhandoff.ingest.rights;

import org.jspecify.annotations.NullMarked;
