package org.brokerhandoff.router.directory;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.schemas.CanaryBrokers;

/**
 * One broker of the directory.
 *
 * @param id stable id
 * @param name name as the privacy policy has it
 * @param countries countries of residence served, or {@code *}
 * @param languages languages served; empty means any
 * @param transferBasis basis of the transfer by country of residence, {@code default} for all others
 * @param privacyPolicy the broker's own policy
 * @param endpoint where signups go
 * @param notices where withdrawals and rights requests go, if it takes them
 * @param secrets secrets that requests are signed with, the current one first
 * @param priority lower is asked first
 * @param weight share among brokers of one priority
 * @param local whether the endpoint may be on a loopback or private address and speak plain HTTP
 * @param status whether it takes signups
 * @param terms when and how many signups it takes
 * @param profile who it is to a person, and on which ground it gets data
 * @param connection how it is reached
 * @param fields the form in which it wants the person's data
 */
public record Broker(
        String id,
        String name,
        List<String> countries,
        List<String> languages,
        Map<String, String> transferBasis,
        URI privacyPolicy,
        URI endpoint,
        Optional<URI> notices,
        List<WebhookSecret> secrets,
        int priority,
        int weight,
        boolean local,
        Status status,
        Terms terms,
        Profile profile,
        Connection connection,
        FieldMapping fields) {
    /** Whether a broker takes signups. */
    public enum Status {
        /** Takes signups. */
        ACTIVE,
        /** Takes none for now. */
        PAUSED,
        /** Takes no person; if its id is a canary broker's, retention canaries. */
        TEST
    }

    /** Key of {@code transferBasis} for every country that has no entry of its own. */
    public static final String DEFAULT_BASIS = "default";

    /** Copies the collections. */
    public Broker {
        countries = List.copyOf(countries);
        languages = List.copyOf(languages);
        transferBasis = Map.copyOf(transferBasis);
        secrets = List.copyOf(secrets);
    }

    /** Whether it is given signups; of a canary broker, canaries. */
    public boolean receives() {
        return status.name().equals(CanaryBrokers.receivingStatus(id).name());
    }

    /** Its id alone: an endpoint may hold a token. */
    @Override
    public String toString() {
        return "Broker[" + id + "]";
    }
}
