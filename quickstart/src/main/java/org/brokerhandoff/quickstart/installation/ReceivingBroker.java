package org.brokerhandoff.quickstart.installation;

import java.net.URI;
import java.util.List;
import org.brokerhandoff.sandbox.WebhookSecret;

/**
 * A broker of a local installation, as it will stand in {@code brokers.yaml}.
 *
 * @param id its id
 * @param name its name
 * @param countries countries it serves, or {@code *}
 * @param endpoint where it takes signups
 * @param secret its signing secret, {@code whsec_…}
 * @param priority lower is asked first
 * @param weight share among equals
 * @param terms further members of the directory, one YAML line each, such as {@code kind: helpdesk}
 */
public record ReceivingBroker(
        String id,
        String name,
        List<String> countries,
        URI endpoint,
        String secret,
        int priority,
        int weight,
        List<String> terms) {
    /** Id, and host name, of the sandbox broker in the compose files. */
    static final String IN_CONTAINERS = "fjord-markets";

    /** Copies the lists. */
    public ReceivingBroker {
        countries = List.copyOf(countries);
        terms = List.copyOf(terms);
    }

    /** One without further terms. */
    public ReceivingBroker(
            String id, String name, List<String> countries, URI endpoint, String secret, int priority, int weight) {
        this(id, name, countries, endpoint, secret, priority, weight, List.of());
    }

    /** The sandbox broker in the compose files, with a fresh secret. */
    public static ReceivingBroker inContainers() {
        return new ReceivingBroker(
                IN_CONTAINERS,
                "Fjord Markets AS",
                List.of("NO", "SE", "DK"),
                URI.create("http://" + IN_CONTAINERS + ":8090/handoffs"),
                WebhookSecret.random().text(),
                1,
                1);
    }

    @Override
    public String toString() {
        return "ReceivingBroker[" + id + "]";
    }
}
