/**
 * The HTTP surface: routes, limits, bodies, answers.
 *
 * <p>Adapters only: they turn requests into calls and outcomes into answers. What a signup, a policy or a withdrawal means is decided
 * elsewhere.
 */
@NullMarked
package org.brokerhandoff.ingest.http;

import org.jspecify.annotations.NullMarked;
