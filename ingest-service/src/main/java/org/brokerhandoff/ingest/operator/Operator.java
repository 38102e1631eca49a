package org.brokerhandoff.ingest.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.brokerhandoff.event.DocumentKind;

/**
 * The operator of the installation, as published to people.
 *
 * @param name the legal person
 * @param address postal address
 * @param contact an e-mail address or an https page
 * @param dataProtectionOfficer contact of the officer: an address of the office, not of a person, since it is kept permanently
 * @param jurisdiction country whose law applies, ISO 3166-1 alpha-2
 * @param processors who processes data on the operator's behalf
 * @param website what it declares about its website
 */
public record Operator(
        String name,
        String address,
        String contact,
        Optional<String> dataProtectionOfficer,
        String jurisdiction,
        List<Processor> processors,
        Website website) {
    /**
     * The website that signups come from.
     *
     * @param notices https pages on which the documents are shown
     * @param extraMembers names of the free members that signups may have; absent: any
     */
    public record Website(Map<DocumentKind, String> notices, Optional<Set<String>> extraMembers) {
        /** Copies the collections. */
        public Website {
            notices = Map.copyOf(notices);
            extraMembers = extraMembers.map(Set::copyOf);
        }
    }

    /**
     * A processor.
     *
     * @param name the legal person
     * @param purpose what it does for the operator
     * @param country where that happens, ISO 3166-1 alpha-2
     */
    public record Processor(String name, String purpose, String country) {}

    /** Copies the list. */
    public Operator {
        processors = List.copyOf(processors);
    }

    /** Where data is located while it is held: the countries of the operator and of its processors. */
    public List<String> storageCountries() {
        TreeSet<String> countries = new TreeSet<>();
        countries.add(jurisdiction);
        processors.forEach(processor -> countries.add(processor.country()));
        return List.copyOf(countries);
    }
}
