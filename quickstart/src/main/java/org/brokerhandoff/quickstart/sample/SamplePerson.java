package org.brokerhandoff.quickstart.sample;

/**
 * An invented person.
 *
 * @param fullName as people write it: any script, one word or many
 * @param email in a domain reserved for examples
 * @param country of residence, ISO 3166-1 alpha-2
 * @param phone E.164
 * @param language BCP 47
 * @param city as its inhabitants write it
 */
public record SamplePerson(String fullName, String email, String country, String phone, String language, String city) {
    /** The same person where a website has its texts in {@code language}, and hands the signup in with it. */
    public SamplePerson reading(String language) {
        return new SamplePerson(fullName, email, country, phone, language, city);
    }

    /** Without the person: a search for sample people in log files must find real leaks only. */
    @Override
    public String toString() {
        return "SamplePerson[…]";
    }
}
