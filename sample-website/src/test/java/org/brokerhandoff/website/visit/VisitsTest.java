package org.brokerhandoff.website.visit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitsTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final UUID ONE = UUID.fromString("5b1d4c0e-9f4a-4b6e-8a53-0c2f0a6f7e11");
    private static final UUID TWO = new UUID(0, 2);

    private final Visits visits = new Visits(3);

    private String accept(String token, UUID id, boolean message, String session, String renamed) {
        return visits.accepted(token, new Visits.Item(id, message), session, () -> renamed, NOW);
    }

    @Test
    void a_consent_counts_from_its_first_sending_until_it_is_refused() {
        assertThat(visits.givenAt("form", NOW)).isEqualTo(NOW);
        assertThat(visits.givenAt("form", NOW.plusSeconds(5))).isEqualTo(NOW);
        visits.refused("form");
        assertThat(visits.givenAt("form", NOW.plusSeconds(9))).isEqualTo(NOW.plusSeconds(9));
    }

    @Test
    void what_a_form_made_is_shown_in_a_session_of_a_new_name_the_same_for_each_sending() {
        assertThat(accept("form", ONE, false, "old", "new")).isEqualTo("new");
        assertThat(accept("form", ONE, false, "old", "newer")).isEqualTo("new");
        assertThat(visits.of("old", NOW)).isEmpty();
        assertThat(visits.signup("new", NOW)).contains(ONE);
        assertThat(visits.wasAccepted("form")).isTrue();
        visits.refused("form");
        assertThat(visits.wasAccepted("form")).isTrue();
    }

    @Test
    void a_newer_signup_takes_the_place_of_the_older_and_messages_stay() {
        accept("a", ONE, false, "0", "1");
        accept("b", TWO, true, "1", "2");
        accept("c", new UUID(0, 3), false, "2", "3");
        assertThat(visits.of("3", NOW))
                .containsExactly(new Visits.Item(new UUID(0, 3), false), new Visits.Item(TWO, true));
    }

    @Test
    void nothing_is_remembered_for_longer_than_a_day_nor_beyond_the_bound() {
        accept("a", ONE, false, "0", "1");
        assertThat(visits.of("1", NOW.plus(Visits.LONGEST).minusSeconds(1))).isNotEmpty();
        assertThat(visits.of("1", NOW.plus(Visits.LONGEST))).isEmpty();
        for (int i = 0; i < 3; i++) {
            accept("t" + i, TWO, false, "none", "s" + i);
        }
        assertThat(visits.of("1", NOW)).isEmpty();
        assertThat(visits.of("s0", NOW)).isNotEmpty();
    }

    @Test
    void a_choice_is_read_as_it_was_kept() {
        CookieChoice choice =
                new CookieChoice(ONE, Set.of(CookieChoice.Kind.THIRD_PARTIES, CookieChoice.Kind.NECESSARY));
        assertThat(choice.value()).isEqualTo(ONE + "~necessary~thirdParty");
        assertThat(CookieChoice.parse(choice.value())).contains(choice);
        assertThat(CookieChoice.parse(ONE.toString()).orElseThrow().accepted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "1-1-1-1-1", "00000000-0000-0000-0000-000000000001~other", "x~necessary"})
    void what_this_site_has_not_set_is_no_choice(String value) {
        assertThat(CookieChoice.parse(value)).isEmpty();
    }
}
