/**
 * Spans of a service, sent over OTLP to a collector that the operator names; without one, nothing. The only package that uses OpenTelemetry:
 * a span has a name from {@link org.brokerhandoff.operations.tracing.Operation}, and attributes from {@link
 * org.brokerhandoff.operations.tracing.Attribute}. Spans contain no text, no exception and no header of a request.
 */
@NullMarked
package org.brokerhandoff.operations.tracing;

import org.jspecify.annotations.NullMarked;
