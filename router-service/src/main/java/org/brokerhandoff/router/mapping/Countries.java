package org.brokerhandoff.router.mapping;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The countries of ISO 3166-1 with their codes and English names. */
final class Countries {
    private static final Map<String, Country> BY_ALPHA_2 = read();

    private Countries() {}

    /**
     * A country.
     *
     * @param alpha2 {@code NO}
     * @param alpha3 {@code NOR}
     * @param numeric {@code 578}
     * @param name English
     */
    record Country(String alpha2, String alpha3, String numeric, String name) {}

    /** The country; empty if it has no such code, as ZZ has none. */
    static Optional<Country> find(String alpha2) {
        return Optional.ofNullable(BY_ALPHA_2.get(alpha2));
    }

    static Map<String, Country> all() {
        return BY_ALPHA_2;
    }

    private static Map<String, Country> read() {
        try (InputStream file = Countries.class.getResourceAsStream("countries.csv")) {
            if (file == null) {
                throw new IllegalStateException("countries.csv is not in the jar");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(",", 4))
                    .map(parts -> new Country(parts[0], parts[1], parts[2], parts[3]))
                    .collect(Collectors.toUnmodifiableMap(Country::alpha2, country -> country));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
