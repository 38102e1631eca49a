/**
 * The HTTP surface: routes, limits, bodies, answers.
 *
 * <p>Adapters only: they translate requests into calls and outcomes into responses. The meaning of a signup, a policy or a withdrawal is
 * defined elsewhere.
 */
@NullMarked
package org.brokerhandoff.ingest.http;

import org.jspecify.annotations.NullMarked;
