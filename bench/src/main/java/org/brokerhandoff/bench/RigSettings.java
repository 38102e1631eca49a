package org.brokerhandoff.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;

/**
 * Components of a {@link Rig}.
 *
 * @param directory output directory; emptied first
 * @param brokers the sandbox brokers
 * @param connections connections of the website
 * @param further settings of the services that override the defaults
 * @param javaOptions options for the JVMs of the services
 * @param routers number of routers
 * @param registers number of register services
 * @param kafkaBrokers number of Kafka brokers; every partition has a replica on each
 * @param elsewhere further brokers, run by the caller
 */
record RigSettings(
        Path directory,
        List<RigBroker> brokers,
        int connections,
        Map<String, String> further,
        List<String> javaOptions,
        int routers,
        int registers,
        int kafkaBrokers,
        List<ReceivingBroker> elsewhere) {
    RigSettings {
        brokers = List.copyOf(brokers);
        further = Map.copyOf(further);
        javaOptions = List.copyOf(javaOptions);
        elsewhere = List.copyOf(elsewhere);
    }
}
