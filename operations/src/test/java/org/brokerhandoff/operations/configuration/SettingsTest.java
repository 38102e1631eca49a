package org.brokerhandoff.operations.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void the_list_of_all_settings_has_every_constant_once() throws Exception {
        List<Object> constants = new ArrayList<>();
        for (Class<?> part : List.of(
                Settings.class,
                KeySettings.class,
                HandoffSettings.class,
                ErasureSettings.class,
                NoticeSettings.class,
                FeedSettings.class,
                LedgerSettings.class,
                ReceiptSettings.class)) {
            for (Field field : part.getFields()) {
                if (field.getType() == Setting.class) {
                    constants.add(field.get(null));
                }
            }
        }

        assertThat(Settings.ALL).doesNotHaveDuplicates().hasSameSizeAs(constants);
        assertThat(new ArrayList<Object>(Settings.ALL)).containsExactlyInAnyOrderElementsOf(constants);
    }

    @Test
    void names_are_unique() {
        assertThat(Settings.ALL).extracting(Setting::name).doesNotHaveDuplicates();
    }

    @Test
    void a_default_that_breaks_its_own_rule_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Setting.withDefault("HANDOFF_TEST", Kind.integer(1, 2), "3", "for this test", Service.AUDIT))
                .withMessageContaining("HANDOFF_TEST");
    }

    @Test
    void a_name_without_the_prefix_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Setting.required("PORT", Kind.integer(1, 2), "for this test", Service.AUDIT));
    }
}
