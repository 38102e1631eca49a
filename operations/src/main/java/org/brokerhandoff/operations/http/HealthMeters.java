package org.brokerhandoff.operations.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.operations.health.Health.Impaired;
import org.brokerhandoff.operations.health.Health.Unhealthy;
import org.brokerhandoff.operations.health.Readiness;
import org.brokerhandoff.operations.health.Readiness.Finding;

/**
 * The findings of {@code /health/ready} as metrics, so that one system monitors both: {@code handoff_ready}, and for each unhealthy check
 * {@code handoff_health_problem{check,code,severity}}, 1 while it lasts and absent afterwards. The details are omitted: they change with
 * every check, and each text would be a separate time series.
 */
final class HealthMeters {
    private final MultiGauge problems;
    private volatile boolean ready;

    HealthMeters(MeterRegistry registry) {
        problems = MultiGauge.builder("handoff.health.problem")
                .description("Failing checks of /health/ready")
                .register(registry);
        Gauge.builder("handoff.ready", this, meters -> meters.ready ? 1 : 0)
                .description("1 if /health/ready answers 200")
                .register(registry);
    }

    /** Shows these findings from now on. Concurrent scrapes are serialised. */
    synchronized void show(Readiness readiness) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Finding finding : readiness.findings()) {
            if (finding.health() instanceof Unhealthy unhealthy) {
                rows.add(row(finding.name(), unhealthy.code(), "unhealthy"));
            } else if (finding.health() instanceof Impaired impaired) {
                rows.add(row(finding.name(), impaired.code(), "impaired"));
            }
        }
        problems.register(rows, true);
        ready = readiness.isReady();
    }

    private static MultiGauge.Row<?> row(String check, String code, String severity) {
        return MultiGauge.Row.of(Tags.of("check", check, "code", code, "severity", severity), 1);
    }
}
