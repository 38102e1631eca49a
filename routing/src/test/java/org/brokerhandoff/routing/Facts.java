package org.brokerhandoff.routing;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;

/** Brokers and inputs that tests start from. */
final class Facts {
    static final Instant NOW = Instant.parse("2026-11-25T13:00:00Z");

    private Facts() {}

    static BrokerFacts broker(String id) {
        return broker(id, 1, 1);
    }

    static BrokerFacts broker(String id, int priority, int weight) {
        return broker(id, List.of("*"), List.of(), Map.of("default", "EEA"), priority, weight, BrokerStatus.ACTIVE);
    }

    static BrokerFacts broker(
            String id,
            List<String> countries,
            List<String> languages,
            Map<String, String> transferBasis,
            int priority,
            int weight,
            BrokerStatus status) {
        Set<String> transferCountries = new HashSet<>(transferBasis.keySet());
        boolean transferDefault = transferCountries.remove("default");
        return new BrokerFacts(
                id,
                RecipientKind.BROKER,
                status,
                Set.copyOf(countries),
                languages,
                transferDefault,
                transferCountries,
                priority,
                weight,
                OptionalInt.empty(),
                OptionalInt.empty(),
                ZoneOffset.UTC,
                Optional.empty(),
                false,
                Set.of(),
                Optional.empty());
    }

    /** A broker with terms; a cap of 0 is none. */
    static BrokerFacts terms(String id, RecipientKind kind, int hourlyCap, int dailyCap, String zone, String... open) {
        BrokerFacts plain = broker(id);
        return new BrokerFacts(
                id,
                kind,
                plain.status(),
                plain.countries(),
                plain.languages(),
                plain.transferDefault(),
                plain.transferCountries(),
                plain.priority(),
                plain.weight(),
                hourlyCap == 0 ? OptionalInt.empty() : OptionalInt.of(hourlyCap),
                dailyCap == 0 ? OptionalInt.empty() : OptionalInt.of(dailyCap),
                ZoneId.of(zone),
                open.length == 0 ? Optional.empty() : Optional.of(OpeningHours.of(zone, List.of(open))),
                false,
                Set.of(),
                Optional.empty());
    }

    /** A broker whose agreement has ended at {@code ends}. */
    static BrokerFacts agreementEnds(String id, Instant ends) {
        BrokerFacts plain = broker(id);
        return new BrokerFacts(
                id,
                plain.kind(),
                plain.status(),
                plain.countries(),
                plain.languages(),
                plain.transferDefault(),
                plain.transferCountries(),
                plain.priority(),
                plain.weight(),
                plain.hourlyCap(),
                plain.dailyCap(),
                plain.zone(),
                plain.hours(),
                plain.ping(),
                plain.excludedIn(),
                Optional.of(ends));
    }

    /** A broker that these countries exclude. */
    static BrokerFacts excludedIn(BrokerFacts plain, String... countries) {
        return new BrokerFacts(
                plain.id(),
                plain.kind(),
                plain.status(),
                plain.countries(),
                plain.languages(),
                plain.transferDefault(),
                plain.transferCountries(),
                plain.priority(),
                plain.weight(),
                plain.hourlyCap(),
                plain.dailyCap(),
                plain.zone(),
                plain.hours(),
                plain.ping(),
                Set.of(countries),
                plain.agreementEnds());
    }

    static RoutingInput input(
            UUID signupId,
            String country,
            Optional<String> language,
            List<String> recipients,
            Map<String, ExclusionReason> passedOver,
            Map<String, Load> loads) {
        return new RoutingInput(
                signupId, Purpose.BROKER_HANDOFF, country, language, recipients, passedOver, loads, NOW);
    }

    static UUID uuid(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
