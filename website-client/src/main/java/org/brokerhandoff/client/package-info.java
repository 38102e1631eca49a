/**
 * What a website's backend needs to submit signups: one idempotency key for each submission, kept over retries; errors with types; checks
 * of what is signed. On the JDK and Jackson alone, so that it fits into any backend.
 *
 * <p>What must not live here: anything of the services, and anything that keeps, logs or prints what a person typed.
 */
@NullMarked
package org.brokerhandoff.client;

import org.jspecify.annotations.NullMarked;
