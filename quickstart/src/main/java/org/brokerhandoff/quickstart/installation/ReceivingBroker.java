package org.brokerhandoff.quickstart.installation;

import java.net.URI;
import java.util.List;

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
 */
public record ReceivingBroker(
        String id, String name, List<String> countries, URI endpoint, String secret, int priority, int weight) {
    @Override
    public String toString() {
        return "ReceivingBroker[" + id + "]";
    }
}
