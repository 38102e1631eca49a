package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:mem:x?password=hush", "jdbc:sqlite:", "jdbc:sqlite::memory:", ""})
    void another_database_or_none_in_a_file_is_refused_without_repeating_the_url(String url) {
        assertThatThrownBy(() -> Register.open(new RegisterSettings(url, Optional.empty(), Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hush");
    }

    @Test
    void passwords_are_not_printed() {
        assertThat(new RegisterSettings("jdbc:postgresql://h/d?password=hush", Optional.of("u"), Optional.of("hush")))
                .asString()
                .doesNotContain("hush");
    }
}
