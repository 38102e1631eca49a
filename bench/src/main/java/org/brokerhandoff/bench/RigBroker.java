package org.brokerhandoff.bench;

import java.util.List;
import org.brokerhandoff.sandbox.Behaviour;

/**
 * A sandbox broker of a {@link Rig}; it serves every country.
 *
 * @param id its id
 * @param behaviour how it behaves
 * @param priority lower is asked first
 * @param weight share among equals
 * @param terms further members of the directory, one YAML line each
 * @param tls whether it speaks TLS, with a certificate made for the run
 */
record RigBroker(String id, Behaviour behaviour, int priority, int weight, List<String> terms, boolean tls) {
    RigBroker {
        terms = List.copyOf(terms);
    }
}
