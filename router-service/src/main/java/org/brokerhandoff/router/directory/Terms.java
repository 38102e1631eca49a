package org.brokerhandoff.router.directory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.RecipientKind;

/**
 * When, and how many, signups a broker takes, and who it is.
 *
 * @param legalEntity the legal person responsible
 * @param kind what it is for
 * @param hourlyCap most acceptances in an hour of its zone
 * @param dailyCap most acceptances on a day of its zone
 * @param zone time zone of its caps and its hours, by its name in the IANA database; UTC if it has none
 * @param open when it takes signups, such as {@code Mon-Fri 08:00-18:00}; empty means always
 * @param ping whether it gets a ping first, without personal data
 */
public record Terms(
        Optional<String> legalEntity,
        RecipientKind kind,
        OptionalInt hourlyCap,
        OptionalInt dailyCap,
        Optional<String> zone,
        List<String> open,
        boolean ping) {
    /** What holds where the directory says nothing of it. */
    public static final Terms PLAIN = new Terms(
            Optional.empty(),
            RecipientKind.BROKER,
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            List.of(),
            false);

    /** Copies the list. */
    public Terms {
        open = List.copyOf(open);
    }
}
