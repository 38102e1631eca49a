package org.brokerhandoff.router.directory;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.OpeningHours;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.TransferBasis;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.jspecify.annotations.Nullable;

/**
 * One version of the broker directory.
 *
 * @param brokers the brokers, by id
 * @param countries the rules per country that it is used under
 * @param facts what decisions rest on, in the same order: read from the published form, so that an auditor has the same
 * @param digest names this version in every decision: SHA-256 of its {@linkplain #published published form}, with a zero digest
 *     and time, in single-object encoding; it can be computed from the event
 */
public record BrokerDirectory(List<Broker> brokers, CountryRules countries, List<BrokerFacts> facts, Digest digest) {
    /** How long before an agreement's end an operator is told. */
    public static final Duration AGREEMENT_NOTICE = Duration.ofDays(30);

    /** Copies the lists. */
    public BrokerDirectory {
        brokers = List.copyOf(brokers);
        facts = List.copyOf(facts);
    }

    /** The version that these brokers make where no country has rules. */
    public static BrokerDirectory of(List<Broker> brokers, EventCodec codec) {
        return of(brokers, CountryRules.NONE, codec);
    }

    /** The version that these brokers make under {@code countries}. */
    public static BrokerDirectory of(List<Broker> brokers, CountryRules countries, EventCodec codec) {
        List<Broker> sorted =
                brokers.stream().sorted(Comparator.comparing(Broker::id)).toList();
        DirectoryPublished canonical =
                new BrokerDirectory(sorted, countries, List.of(), new Digest(new byte[32])).published(Instant.EPOCH);
        return new BrokerDirectory(
                sorted, countries, BrokerFacts.of(canonical), Digests.sha256(codec.encode(canonical)));
    }

    /** The broker with this id. */
    public Optional<Broker> find(String id) {
        return brokers.stream().filter(broker -> broker.id().equals(id)).findFirst();
    }

    /** What decisions rest on, of the broker with this id. */
    public Optional<BrokerFacts> facts(String id) {
        return facts.stream().filter(broker -> broker.id().equals(id)).findFirst();
    }

    /** Ids that a country excludes and that no broker has: a typing error would go unnoticed and exclude no broker. */
    public List<String> unknownExclusions() {
        return countries.excludedRecipients().stream()
                .filter(id -> find(id).isEmpty())
                .toList();
    }

    /** The brokers whose agreements have ended at {@code at}, or end before the days of notice are over, with when they end. */
    public SortedMap<String, Instant> agreementsEnding(Instant at) {
        SortedMap<String, Instant> ending = new TreeMap<>();
        facts.forEach(broker -> broker.agreementEnds()
                .filter(ends -> !ends.isAfter(at.plus(AGREEMENT_NOTICE)))
                .ifPresent(ends -> ending.put(broker.id(), ends)));
        return ending;
    }

    /**
     * What the event log says of this version: everything a decision rests on. No secret, and of an endpoint only scheme, host and port:
     * its path or query may hold a token.
     */
    public DirectoryPublished published(Instant at) {
        return DirectoryPublished.newBuilder()
                .setDigest(digest)
                .setPublishedAt(at)
                .setBrokers(brokers.stream().map(this::published).toList())
                .build();
    }

    private PublishedBroker published(Broker broker) {
        Terms terms = broker.terms();
        Profile profile = broker.profile();
        return PublishedBroker.newBuilder()
                .setId(broker.id())
                .setName(broker.name())
                .setPrivacyPolicy(broker.privacyPolicy().toString())
                .setCountries(broker.countries())
                .setLanguages(broker.languages())
                .setTransferDefault(broker.transferBasis().get(Broker.DEFAULT_BASIS))
                .setTransferCountries(broker.transferBasis().keySet().stream()
                        .filter(country -> !country.equals(Broker.DEFAULT_BASIS))
                        .sorted()
                        .toList())
                .setTransferBases(broker.transferBasis().entrySet().stream()
                        .filter(basis -> !basis.getKey().equals(Broker.DEFAULT_BASIS))
                        .sorted(Map.Entry.comparingByKey())
                        .map(basis -> new TransferBasis(basis.getKey(), basis.getValue()))
                        .toList())
                .setKind(terms.kind())
                .setLegalEntity(terms.legalEntity().orElse(null))
                .setEndpoint(BrokerAddress.origin(broker.endpoint()))
                .setNoticesEndpoint(broker.notices().map(BrokerAddress::origin).orElse(null))
                .setHourlyCap(boxed(terms.hourlyCap()))
                .setDailyCap(boxed(terms.dailyCap()))
                .setZone(terms.zone().orElse(null))
                .setHours(
                        terms.open().isEmpty()
                                ? null
                                : new OpeningHours(terms.zone().orElseThrow(), terms.open()))
                .setPing(terms.ping())
                .setPriority(broker.priority())
                .setWeight(broker.weight())
                .setMappingDigest(broker.fields().digest().orElse(null))
                .setCookiePolicy(profile.cookiePolicy().map(URI::toString).orElse(null))
                .setContact(profile.contact().orElse(null))
                .setEstablishedIn(profile.establishedIn().orElse(null))
                .setAgreementTitle(
                        profile.agreement().map(Profile.Agreement::reference).orElse(null))
                .setAgreementValidUntil(
                        profile.agreement().map(Profile.Agreement::validUntil).orElse(null))
                .setRole(profile.role())
                .setExcludedIn(countries.countriesExcluding(broker.id()))
                .setStatus(BrokerStatus.valueOf(broker.status().name()))
                .build();
    }

    private static @Nullable Integer boxed(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }
}
