/**
 * Visitors' choices of cookies: recorded as events, read from the register.
 *
 * <p>Must not contain: HTTP, and anything about signups. A visitor and a signup are never named together.
 */
@NullMarked
package org.brokerhandoff.ingest.cookies;

import org.jspecify.annotations.NullMarked;
