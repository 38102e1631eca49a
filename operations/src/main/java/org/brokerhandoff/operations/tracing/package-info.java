/**
 * Spans of a service, sent over OTLP to a collector that the operator names; without one, nothing. The only package that knows
 * OpenTelemetry: a span has a name from {@link org.brokerhandoff.operations.tracing.Operation}, and says what
 * {@link org.brokerhandoff.operations.tracing.Attribute} can hold. No text, no exception and no header of a request gets into one.
 */
@NullMarked
package org.brokerhandoff.operations.tracing;

import org.jspecify.annotations.NullMarked;
