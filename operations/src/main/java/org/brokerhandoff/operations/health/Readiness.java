package org.brokerhandoff.operations.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.brokerhandoff.operations.health.Health.Healthy;
import org.brokerhandoff.operations.health.Health.Impaired;
import org.brokerhandoff.operations.health.Health.Unhealthy;

/**
 * The combined findings of all checks: ready if none is unhealthy.
 *
 * @param findings one per check, in the order of the answer
 */
public record Readiness(List<Finding> findings) {

    public Readiness {
        findings = List.copyOf(findings);
    }

    /** The finding of the check with this name. */
    public record Finding(String name, Health health) {}

    public boolean isReady() {
        return findings.stream().noneMatch(finding -> finding.health() instanceof Unhealthy);
    }

    /** {@code {"status":"UP|DOWN"}}: for strangers. */
    public ObjectNode status() {
        return JsonNodeFactory.instance.objectNode().put("status", word(isReady()));
    }

    /**
     * {@code {"status":"UP|DOWN","checks":[{"name","status","code","detail","details"}]}}: {@code code} and {@code detail} for those that are
     * not healthy, {@code details} for healthy ones that have some.
     */
    public ObjectNode toJson() {
        ObjectNode json = status();
        var checks = json.putArray("checks");
        for (Finding finding : findings) {
            ObjectNode check = checks.addObject().put("name", finding.name());
            if (finding.health() instanceof Unhealthy unhealthy) {
                check.put("status", word(false)).put("code", unhealthy.code()).put("detail", unhealthy.detail());
            } else if (finding.health() instanceof Impaired impaired) {
                check.put("status", word(true)).put("code", impaired.code()).put("detail", impaired.detail());
            } else if (finding.health() instanceof Healthy healthy) {
                check.put("status", word(true));
                if (!healthy.details().isEmpty()) {
                    ObjectNode details = check.putObject("details");
                    healthy.details().forEach(details::put);
                }
            }
        }
        return json;
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
