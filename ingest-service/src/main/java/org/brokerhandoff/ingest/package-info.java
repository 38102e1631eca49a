/**
 * The ingest service: HTTP to Kafka. Here stands the wiring and nothing else; each concept has its own package.
 */
@NullMarked
package org.brokerhandoff.ingest;

import org.jspecify.annotations.NullMarked;
