package org.brokerhandoff.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.bench.hosts.Hosts;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;

/**
 * Components of a {@link Rig}.
 *
 * @param directory output directory; emptied first
 * @param brokers the sandbox brokers
 * @param elsewhere further brokers, run by the caller
 * @param connections connections of the website
 * @param services routers, register services, and how all are started
 * @param kafkaBrokers number of Kafka brokers; every partition has a replica on each
 * @param hosts where the services run
 */
record RigSettings(
        Path directory,
        List<RigBroker> brokers,
        List<ReceivingBroker> elsewhere,
        int connections,
        Services services,
        int kafkaBrokers,
        Hosts hosts) {
    RigSettings {
        brokers = List.copyOf(brokers);
        elsewhere = List.copyOf(elsewhere);
    }

    /** One of each service and one Kafka broker, all on this machine's loopback. */
    static RigSettings in(Path directory, List<RigBroker> brokers, int connections) {
        return new RigSettings(
                directory, brokers, List.of(), connections, new Services(1, 1, Map.of(), List.of()), 1, new Loopback());
    }

    RigSettings withBrokersElsewhere(List<ReceivingBroker> others) {
        return new RigSettings(directory, brokers, others, connections, services, kafkaBrokers, hosts);
    }

    RigSettings withServices(Services others) {
        return new RigSettings(directory, brokers, elsewhere, connections, others, kafkaBrokers, hosts);
    }

    RigSettings withKafkaBrokers(int count) {
        return new RigSettings(directory, brokers, elsewhere, connections, services, count, hosts);
    }

    RigSettings withHosts(Hosts others) {
        return new RigSettings(directory, brokers, elsewhere, connections, services, kafkaBrokers, others);
    }

    /**
     * The services beside ingest, of which there is one.
     *
     * @param routers number of routers
     * @param registers number of register services
     * @param further settings of all services that override the defaults
     * @param javaOptions options for the JVMs of all services
     */
    record Services(int routers, int registers, Map<String, String> further, List<String> javaOptions) {
        Services {
            further = Map.copyOf(further);
            javaOptions = List.copyOf(javaOptions);
        }
    }
}
