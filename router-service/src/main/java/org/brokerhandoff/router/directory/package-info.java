/**
 * The broker directory: what {@code brokers.yaml} may say, and reading it with all problems reported at once.
 *
 * <p>No decision is made here, and no secret leaves a {@link org.brokerhandoff.router.directory.WebhookSecret}.
 */
@NullMarked
package org.brokerhandoff.router.directory;

import org.jspecify.annotations.NullMarked;
