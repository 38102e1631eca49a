package org.brokerhandoff.bench;

import java.util.List;
import org.brokerhandoff.sandbox.Behaviour;

/**
 * A sandbox broker of a {@link Rig}; it serves every country.
 *
 * @param id its id
 * @param behaviour its behaviour
 * @param priority lower is preferred
 * @param weight share among equal priorities
 * @param terms further members of the directory, one YAML line each
 * @param tls whether it uses TLS, with a certificate generated for the run
 */
record RigBroker(String id, Behaviour behaviour, int priority, int weight, List<String> terms, boolean tls) {
    RigBroker {
        terms = List.copyOf(terms);
    }
}
