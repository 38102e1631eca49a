package org.brokerhandoff.country;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTermsTest {
    @ParameterizedTest
    @CsvSource({
        // within, extension, requested, due, extended
        "P1M,  P2M,  2026-11-29T08:30:00.123Z, 2026-12-29T08:30:00.123Z, 2027-02-28T08:30:00.123Z",
        "P1M,  P2M,  2026-01-31T00:00:00Z,     2026-02-28T00:00:00Z,     2026-04-30T00:00:00Z",
        "P1M,  P2M,  2028-01-31T00:00:00Z,     2028-02-29T00:00:00Z,     2028-04-30T00:00:00Z",
        "P1M,  P1M,  2026-01-31T00:00:00Z,     2026-02-28T00:00:00Z,     2026-03-31T00:00:00Z",
        "P1M,  P0D,  2026-01-31T00:00:00Z,     2026-02-28T00:00:00Z,     2026-02-28T00:00:00Z",
        "P14D, P1M,  2026-02-20T12:00:00Z,     2026-03-06T12:00:00Z,     2026-04-03T12:00:00Z",
        "P2W,  P2W,  2026-02-20T12:00:00Z,     2026-03-06T12:00:00Z,     2026-03-20T12:00:00Z",
        // The month is over before the days are.
        "P30D, P2M,  2026-02-01T00:00:00Z,     2026-03-01T00:00:00Z,     2026-05-01T00:00:00Z",
        "P31D, P62D, 2026-02-01T00:00:00Z,     2026-03-01T00:00:00Z,     2026-05-01T00:00:00Z",
        "P31D, P62D, 2026-12-01T00:00:00Z,     2027-01-01T00:00:00Z,     2027-03-01T00:00:00Z",
        "P30D, P0D,  2026-03-01T00:00:00Z,     2026-03-31T00:00:00Z,     2026-03-31T00:00:00Z",
        "P1D,  P1D,  2026-12-31T23:59:59.999Z, 2027-01-01T23:59:59.999Z, 2027-01-02T23:59:59.999Z",
        // Clocks that are put forward or back move nothing: it is counted in UTC.
        "P7D,  P0D,  2026-10-24T22:30:00Z,     2026-10-31T22:30:00Z,     2026-10-31T22:30:00Z",
    })
    void a_request_is_due_by_the_calendar(
            Period within, Period extension, Instant requested, Instant due, Instant extended) {
        AnswerTerms terms = new AnswerTerms(within, extension);
        assertThat(terms.dueAt(requested)).isEqualTo(due);
        assertThat(terms.extendedDueAt(requested)).isEqualTo(extended);
    }

    @ParameterizedTest
    @CsvSource({
        "P0D, P2M",
        "P-1D, P2M",
        "P32D, P2M",
        "P2M, P2M",
        "P1M1D, P2M",
        "P1Y, P2M",
        "P1Y-11M, P2M",
        "P5W, P2M",
        "P1M, P3M",
        "P1M, P63D",
        "P1M, P-1D",
        "P1M, P1M1D",
        "P1M, P1Y",
        "P1M, P9W",
        "P1M, P-1M",
    })
    void terms_that_the_GDPR_does_not_allow_cannot_be_made(String within, String extension) {
        assertThatThrownBy(() -> new AnswerTerms(Period.parse(within), Period.parse(extension)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void no_terms_give_more_time_than_the_GDPR_and_an_extension_never_takes_any() {
        Random random = new Random(12);
        for (int i = 0; i < 50_000; i++) {
            AnswerTerms terms = new AnswerTerms(
                    random.nextInt(8) == 0 ? Period.ofMonths(1) : Period.ofDays(1 + random.nextInt(31)),
                    random.nextInt(8) == 0
                            ? Period.ofMonths(1 + random.nextInt(2))
                            : Period.ofDays(random.nextInt(63)));
            Instant requested = Instant.ofEpochMilli(1_700_000_000_000L + (long) (random.nextDouble() * 4e11));
            assertThat(terms.dueAt(requested))
                    .isAfter(requested)
                    .isBeforeOrEqualTo(
                            requested.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant());
            assertThat(terms.extendedDueAt(requested))
                    .isAfterOrEqualTo(terms.dueAt(requested))
                    .isBeforeOrEqualTo(
                            requested.atOffset(ZoneOffset.UTC).plusMonths(3).toInstant());
        }
    }
}
