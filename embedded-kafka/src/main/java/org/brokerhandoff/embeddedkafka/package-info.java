/**
 * A real Kafka broker wherever one is needed without an installation: in this JVM ({@link
 * org.brokerhandoff.embeddedkafka.EmbeddedKafka}), in a process that can be killed ({@link
 * org.brokerhandoff.embeddedkafka.KafkaProcess}), as a cluster of such processes ({@link
 * org.brokerhandoff.embeddedkafka.KafkaCluster}), or in a container ({@link
 * org.brokerhandoff.embeddedkafka.KafkaContainerBroker}), all with the same broker settings.
 *
 * <p>No topic, record type or client of this system belongs here, and no logging configuration: the program that runs
 * the broker owns its logging.
 */
@NullMarked
package org.brokerhandoff.embeddedkafka;

import org.jspecify.annotations.NullMarked;
