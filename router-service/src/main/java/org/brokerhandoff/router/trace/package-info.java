/**
 * The router's spans, made around the parts that a handoff calls, so that the parts know nothing of them. Where nothing is traced, nothing
 * is put around them. Decides nothing.
 */
@NullMarked
package org.brokerhandoff.router.trace;

import org.jspecify.annotations.NullMarked;
