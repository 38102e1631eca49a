package org.brokerhandoff.doctor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;

/** Whether each service would take the environment as it is. */
final class SettingsCheck {
    private static final String CHECK = "settings";

    private SettingsCheck() {}

    /**
     * What was found.
     *
     * @param findings one for each service
     * @param valid the settings of those that would start
     */
    record Result(List<Finding> findings, Map<Service, SettingsReader> valid) {
        Result {
            findings = List.copyOf(findings);
        }
    }

    static Result of(Map<String, String> environment, Set<Service> services) {
        List<Finding> findings = new ArrayList<>();
        Map<Service, SettingsReader> valid = new EnumMap<>(Service.class);
        for (Service service : services) {
            try {
                valid.put(service, SettingsReader.of(environment, service));
                findings.add(Finding.fine(CHECK, service.commandName() + " takes them"));
            } catch (InvalidConfiguration e) {
                e.problems()
                        .forEach(problem -> findings.add(Finding.wrong(
                                CHECK,
                                service.commandName() + ": " + problem,
                                "docs/configuration.md lists all settings")));
            }
        }
        return new Result(findings, valid);
    }
}
