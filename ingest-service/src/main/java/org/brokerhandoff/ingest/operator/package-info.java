/**
 * Who operates the installation: the controller that receipts name, and its processors, as {@code operator.yaml} has them.
 *
 * <p>What must not live here: HTTP and Kafka.
 */
@NullMarked
package org.brokerhandoff.ingest.operator;

import org.jspecify.annotations.NullMarked;
