package org.brokerhandoff.embeddedkafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Entry point of the JVM that {@link KafkaProcess} forks: a data directory, {@code host:port}, its place in a cluster or "-", then {@code name=value} pairs. */
public final class KafkaProcessMain {

    private KafkaProcessMain() {}

    /**
     * Serves until its standard input ends, which it does when the parent closes it and also when the parent dies, so
     * that no broker outlives its test.
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> brokerProperties = new HashMap<>();
        for (int index = 3; index < arguments.length; index++) {
            String[] property = arguments[index].split("=", 2);
            brokerProperties.put(property[0], property[1]);
        }
        int colon = arguments[1].lastIndexOf(':');
        EmbeddedKafkaSettings settings = new EmbeddedKafkaSettings(
                Path.of(arguments[0]),
                arguments[1].substring(0, colon),
                Integer.parseInt(arguments[1].substring(colon + 1)),
                brokerProperties,
                "-".equals(arguments[2]) ? Optional.empty() : Optional.of(ClusterMember.ofArgument(arguments[2])));

        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings)) {
            System.out.println("serving " + kafka.bootstrapServers());
            while (System.in.read() >= 0) {
                // The parent sends nothing; only the end matters.
            }
        }
    }
}
