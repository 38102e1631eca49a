package org.brokerhandoff.operations.configuration;

import static java.util.stream.Collectors.joining;

/** The catalogue for the documentation. */
public final class SettingsTable {

    private SettingsTable() {}

    /** A Markdown table of all settings, ending with a line break. */
    public static String markdown() {
        return "| variable | default | must be | used by | what it is |\n"
                + "|---|---|---|---|---|\n"
                + Settings.ALL.stream().map(SettingsTable::row).collect(joining());
    }

    private static String row(Setting<?> setting) {
        return "| `" + setting.name() + "` | " + absence(setting) + " | "
                + setting.kind().rule() + " | "
                + setting.services().stream().map(Service::commandName).collect(joining(", "))
                + " | " + setting.description() + " |\n";
    }

    private static String absence(Setting<?> setting) {
        if (setting.isRequired()) {
            return "required"
                    + (setting.optionalFor().isEmpty()
                            ? ""
                            : ", not by "
                                    + setting.optionalFor().stream()
                                            .map(Service::commandName)
                                            .collect(joining(", ")));
        }
        return setting.defaultText()
                .map(text -> text.isEmpty() ? "empty" : "`" + text + "`")
                .orElse("–");
    }
}
