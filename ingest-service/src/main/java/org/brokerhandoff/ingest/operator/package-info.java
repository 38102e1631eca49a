/**
 * The operator of the installation: the controller that receipts name, and its processors, from {@code operator.yaml}.
 *
 * <p>Must not contain: HTTP and Kafka.
 */
@NullMarked
package org.brokerhandoff.ingest.operator;

import org.jspecify.annotations.NullMarked;
