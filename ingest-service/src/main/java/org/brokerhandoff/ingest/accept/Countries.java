package org.brokerhandoff.ingest.accept;

import java.util.Locale;
import java.util.Set;

/** The countries of ISO 3166-1, by their alpha-2 codes. */
final class Countries {
    private static final Set<String> CODES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    private Countries() {}

    static boolean known(String code) {
        return CODES.contains(code);
    }
}
