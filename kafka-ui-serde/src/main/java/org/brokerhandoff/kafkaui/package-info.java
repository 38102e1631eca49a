/**
 * Events in kafbat's Kafka UI: what it shows for keys and values of our topics. Reads only; knows the schemas and nothing else, no key, no
 * Kafka client, no service. Built as one jar, which the user interface loads in a class loader of its own.
 */
@NullMarked
package org.brokerhandoff.kafkaui;

import org.jspecify.annotations.NullMarked;
