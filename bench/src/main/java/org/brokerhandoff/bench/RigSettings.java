package org.brokerhandoff.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;

/**
 * What a {@link Rig} consists of.
 *
 * @param directory where everything is written; emptied first
 * @param brokers the sandbox brokers
 * @param connections connections of the website
 * @param further settings of the services that win over the defaults
 * @param javaOptions options for the JVMs of the services
 * @param routers how many routers share the work
 * @param registers how many register services share theirs
 * @param kafkaBrokers how many Kafka brokers there are; every partition has a replica on each
 * @param elsewhere further brokers, which the caller runs
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
