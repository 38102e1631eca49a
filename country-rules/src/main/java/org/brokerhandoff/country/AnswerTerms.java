package org.brokerhandoff.country;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * Within which time a person's request is answered. Art. 12 (3) GDPR bounds it for everybody: a month, and two further months where that is
 * necessary. A country's terms may be shorter, never longer; days and months count by the calendar in UTC.
 *
 * @param within time to answer
 * @param extension time that an extension adds; none, if it is zero
 */
public record AnswerTerms(Period within, Period extension) {
    private static final Period MONTH = Period.ofMonths(1);
    private static final Period THREE_MONTHS = Period.ofMonths(3);
    private static final int DAYS_OF_A_MONTH = 31;
    private static final int DAYS_OF_TWO_MONTHS = 62;

    /** The GDPR's: a month, and two more. */
    public static final AnswerTerms GDPR = new AnswerTerms(MONTH, Period.ofMonths(2));

    /**
     * Takes terms that the GDPR allows.
     *
     * @throws IllegalArgumentException if it does not: see {@link #answersInTime} and {@link #extendsInTime}
     */
    public AnswerTerms {
        if (!answersInTime(within) || !extendsInTime(extension)) {
            throw new IllegalArgumentException("longer than Art. 12 (3) GDPR allows");
        }
    }

    /** Whether the GDPR allows this time to answer: a month, or 1 to 31 days, which end with the month if that is shorter. */
    public static boolean answersInTime(Period within) {
        return within.equals(MONTH) || isDays(within, 1, DAYS_OF_A_MONTH);
    }

    /** Whether the GDPR allows this extension: one or two months, or none to 62 days, which end with the third month if that is earlier. */
    public static boolean extendsInTime(Period extension) {
        return extension.equals(MONTH)
                || extension.equals(Period.ofMonths(2))
                || isDays(extension, 0, DAYS_OF_TWO_MONTHS);
    }

    private static boolean isDays(Period period, int least, int most) {
        int days = period.getDays();
        return period.getYears() == 0 && period.getMonths() == 0 && days >= least && days <= most;
    }

    /** When a request of {@code requestedAt} has to be answered. */
    public Instant dueAt(Instant requestedAt) {
        return earlier(requestedAt, within, MONTH);
    }

    /** When it has to be answered at the latest, extended. */
    public Instant extendedDueAt(Instant requestedAt) {
        return earlier(requestedAt, within.plus(extension), THREE_MONTHS);
    }

    private static Instant earlier(Instant from, Period one, Period other) {
        OffsetDateTime start = from.atOffset(ZoneOffset.UTC);
        Instant first = start.plus(one).toInstant();
        Instant second = start.plus(other).toInstant();
        return first.isBefore(second) ? first : second;
    }
}
