/**
 * Visitors' choices of cookies: recorded as events, read from the register.
 *
 * <p>What must not live here: HTTP, and anything about signups. A visitor and a signup are never named together.
 */
@NullMarked
package org.brokerhandoff.ingest.cookies;

import org.jspecify.annotations.NullMarked;
