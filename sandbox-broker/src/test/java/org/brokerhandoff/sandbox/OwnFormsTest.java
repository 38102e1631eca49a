package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnFormsTest {
    private static final String OWN = "http://127.0.0.1:9002";

    private static boolean sent(String fetchSite, String origin) {
        return OwnForms.sent(
                Optional.of(fetchSite).filter(text -> !text.isEmpty()),
                Optional.of(origin).filter(text -> !text.isEmpty()),
                OWN);
    }

    @Test
    void a_form_of_the_page_is_taken() {
        assertThat(sent("same-origin", "null")).isTrue();
        assertThat(sent("same-origin", OWN)).isTrue();
        assertThat(sent("", OWN)).isTrue();
    }

    @Test
    void a_form_of_any_other_page_is_not() {
        assertThat(sent("cross-site", "https://elsewhere.example")).isFalse();
        assertThat(sent("cross-site", OWN)).isFalse();
        assertThat(sent("same-site", "http://127.0.0.1:8088")).isFalse();
        assertThat(sent("same-origin", "http://127.0.0.1:8088")).isFalse();
        assertThat(sent("none", "")).isFalse();
        assertThat(sent("", "http://127.0.0.1:90022")).isFalse();
        assertThat(sent("", "null")).isFalse();
        assertThat(sent("", "")).isFalse();
    }
}
