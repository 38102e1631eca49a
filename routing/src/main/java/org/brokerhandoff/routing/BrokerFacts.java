package org.brokerhandoff.routing;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.schemas.LanguageTags;
import org.jspecify.annotations.Nullable;

/**
 * The facts about one broker that decisions depend on, as published in {@code DirectoryPublished}.
 *
 * @param id stable id
 * @param kind what it is for
 * @param status whether it takes signups
 * @param countries countries of residence served, or {@code *}
 * @param languages languages served; empty means any
 * @param transferDefault whether there is a basis of transfer for countries without their own one
 * @param transferCountries countries that have their own basis
 * @param priority lower is asked first
 * @param weight share among brokers of one priority
 * @param hourlyCap most acceptances in an hour
 * @param dailyCap most acceptances on a day
 * @param zone the zone of the caps
 * @param hours when it takes signups; empty means always
 * @param ping whether it gets a ping first, without personal data
 * @param excludedIn countries whose rules exclude it
 * @param agreementEnds when the agreement with it ends, if it does
 */
public record BrokerFacts(
        String id,
        RecipientKind kind,
        BrokerStatus status,
        Set<String> countries,
        List<String> languages,
        boolean transferDefault,
        Set<String> transferCountries,
        int priority,
        int weight,
        OptionalInt hourlyCap,
        OptionalInt dailyCap,
        ZoneId zone,
        Optional<OpeningHours> hours,
        boolean ping,
        Set<String> excludedIn,
        Optional<Instant> agreementEnds) {
    /** Copies the collections. */
    public BrokerFacts {
        countries = Set.copyOf(countries);
        languages = List.copyOf(languages);
        transferCountries = Set.copyOf(transferCountries);
        excludedIn = Set.copyOf(excludedIn);
    }

    /** The brokers of a published directory, in its order. */
    public static List<BrokerFacts> of(DirectoryPublished directory) {
        return directory.getBrokers().stream().map(BrokerFacts::of).toList();
    }

    /** One broker of a published directory. */
    public static BrokerFacts of(PublishedBroker broker) {
        org.brokerhandoff.event.OpeningHours hours = broker.getHours();
        ZoneId zone = broker.getZone() == null ? ZoneOffset.UTC : ZoneId.of(broker.getZone());
        return new BrokerFacts(
                broker.getId(),
                broker.getKind(),
                broker.getStatus(),
                Set.copyOf(broker.getCountries()),
                broker.getLanguages(),
                broker.getTransferDefault() != null,
                Set.copyOf(broker.getTransferCountries()),
                broker.getPriority(),
                broker.getWeight(),
                optional(broker.getHourlyCap()),
                optional(broker.getDailyCap()),
                zone,
                hours == null ? Optional.empty() : Optional.of(OpeningHours.of(hours.getZone(), hours.getOpen())),
                broker.getPing(),
                Set.copyOf(broker.getExcludedIn()),
                Optional.ofNullable(broker.getAgreementValidUntil())
                        .map(lastDay -> lastDay.plusDays(1).atStartOfDay(zone).toInstant()));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Whether residents of {@code country} are served. */
    public boolean serves(String country) {
        return countries.contains("*") || countries.contains(country);
    }

    /** Whether the broker supports {@code language}, under any of its names. A signup without a language suits every broker. */
    public boolean speaks(Optional<String> language) {
        return languages.isEmpty()
                || language.isEmpty()
                || languages.stream()
                        .anyMatch(
                                served -> LanguageTags.language(served).equals(LanguageTags.language(language.get())));
    }

    /** Whether there is a basis for transferring data of residents of {@code country}. */
    public boolean hasTransferBasis(String country) {
        return transferDefault || transferCountries.contains(country);
    }

    /** Whether places have to be requested. */
    public boolean capped() {
        return hourlyCap.isPresent() || dailyCap.isPresent();
    }

    /** Whether the agreement with it has ended at {@code at}. */
    public boolean agreementEnded(Instant at) {
        return agreementEnds.isPresent() && !at.isBefore(agreementEnds.get());
    }

    /** Whether it takes signups at {@code at}. */
    public boolean openAt(Instant at) {
        return hours.isEmpty() || hours.get().openAt(at);
    }

    /** Whether its cap for the hour leaves no place. */
    public boolean hourFull(Load load) {
        return hourlyCap.isPresent() && load.hourlyPlaces() >= hourlyCap.getAsInt();
    }

    /** Whether its cap for the day leaves no place. */
    public boolean dayFull(Load load) {
        return dailyCap.isPresent() && load.dailyPlaces() >= dailyCap.getAsInt();
    }
}
