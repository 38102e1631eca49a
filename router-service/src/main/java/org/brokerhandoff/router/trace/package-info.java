/**
 * The router's spans, made by decorators of the parts that a handoff calls, which know nothing of them. Without tracing there
 * are no decorators. Decides nothing.
 */
@NullMarked
package org.brokerhandoff.router.trace;

import org.jspecify.annotations.NullMarked;
