package org.brokerhandoff.embeddedkafka;

import java.util.HashMap;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The same broker from Kafka's own image, where there is a Docker engine. Needs {@code testcontainers-kafka}. */
public final class KafkaContainerBroker implements AutoCloseable {

    /** The image that is used where none is named; the same version as the embedded broker. */
    public static final String DEFAULT_IMAGE = "apache/kafka:4.3.1";

    private final KafkaContainer container;

    private KafkaContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /** Starts {@link #DEFAULT_IMAGE}, or the image that the system property {@code handoff.test.kafka.image} names. */
    public static KafkaContainerBroker start() {
        return start(System.getProperty("handoff.test.kafka.image", DEFAULT_IMAGE), Map.of());
    }

    /**
     * Starts a container and returns when the broker serves.
     *
     * @param image {@code apache/kafka} or one that behaves like it
     * @param brokerProperties Kafka broker properties that add to or replace those of {@link BrokerProperties}
     */
    public static KafkaContainerBroker start(String image, Map<String, String> brokerProperties) {
        Map<String, String> properties = new HashMap<>(BrokerProperties.singleNode());
        properties.putAll(brokerProperties);
        // Owned by the wrapper, which is closed by its owner; Testcontainers removes it in any case.
        @SuppressWarnings("resource")
        KafkaContainer container = new KafkaContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"))
                .withEnv(BrokerProperties.asContainerEnvironment(properties));
        container.start();
        return new KafkaContainerBroker(container);
    }

    /** Address for clients on this host. */
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.close();
    }
}
