/**
 * The register service: projects the kept topics into the register, and tells brokers of withdrawals by what stands there. Wiring,
 * settings and the command live here; how events become rows is module {@code register}'s, what is done about a notice is decided in
 * {@code notify}, and how a request reaches a broker is the router's {@code http}.
 *
 * <p>Nothing of a person comes here: no slot file and no keyset is opened, no sealed record read.
 */
@NullMarked
package org.brokerhandoff.registerservice;

import org.jspecify.annotations.NullMarked;
