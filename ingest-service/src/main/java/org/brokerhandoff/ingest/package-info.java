/**
 * The ingest service: HTTP to Kafka. This package holds only the wiring; each concept has its own package.
 */
@NullMarked
package org.brokerhandoff.ingest;

import org.jspecify.annotations.NullMarked;
