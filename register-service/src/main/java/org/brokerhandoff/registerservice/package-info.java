/**
 * The register service: projects the kept topics into the register, and notifies brokers of withdrawals based on it. Contains wiring,
 * settings and the command; module {@code register} maps events to rows, {@code notify} decides about notices, and the router's {@code http}
 * sends requests to brokers.
 *
 * <p>No personal data: it opens no slot file and no keyset, and reads no sealed record.
 */
@NullMarked
package org.brokerhandoff.registerservice;

import org.jspecify.annotations.NullMarked;
