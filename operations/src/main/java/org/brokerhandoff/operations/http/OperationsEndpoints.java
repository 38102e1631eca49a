package org.brokerhandoff.operations.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.operations.health.Readiness;
import org.brokerhandoff.operations.health.Readiness.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code GET /health/live}, {@code GET /health/ready} and {@code GET /metrics} within any Vert.x HTTP server. Checks run on worker
 * threads, each at most once at a time however often it is requested.
 */
public final class OperationsEndpoints {

    private static final Logger LOG = LoggerFactory.getLogger(OperationsEndpoints.class);

    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String METRICS = "/metrics";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration DEFAULT_CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final List<HealthCheck> livenessChecks;
    private final List<HealthCheck> readinessChecks;
    private final PrometheusMeterRegistry meters;
    private final HealthMeters health;
    private final Duration checkTimeout;
    private final Map<HealthCheck, Future<Health>> running = new ConcurrentHashMap<>();

    /**
     * Endpoints with a limit of 5 s for each check.
     *
     * @param livenessChecks failing ones mean that the process must be restarted
     * @param readinessChecks failing ones mean that the service cannot work at the moment
     */
    public OperationsEndpoints(
            Vertx vertx,
            List<HealthCheck> livenessChecks,
            List<HealthCheck> readinessChecks,
            PrometheusMeterRegistry meters) {
        this(vertx, livenessChecks, readinessChecks, meters, DEFAULT_CHECK_TIMEOUT);
    }

    OperationsEndpoints(
            Vertx vertx,
            List<HealthCheck> livenessChecks,
            List<HealthCheck> readinessChecks,
            PrometheusMeterRegistry meters,
            Duration checkTimeout) {
        this.vertx = vertx;
        this.livenessChecks = List.copyOf(livenessChecks);
        this.readinessChecks = List.copyOf(readinessChecks);
        this.meters = meters;
        this.health = new HealthMeters(meters);
        this.checkTimeout = checkTimeout;
    }

    /** What a caller may see. */
    public enum Access {
        /** Whether the service is live and ready. */
        STATUS,
        /** Also the finding of each check. */
        DETAILS,
        /** Also metrics. */
        ALL
    }

    /** As {@link #handle(HttpServerRequest, Supplier)} for a caller who may see everything. */
    public boolean handle(HttpServerRequest request) {
        return handle(request, () -> Access.ALL);
    }

    /**
     * Answers the request and returns true if its path is one of these; otherwise does nothing and returns false.
     *
     * @param access what the caller may see; evaluated for these paths only
     */
    public boolean handle(HttpServerRequest request, Supplier<Access> access) {
        String path = request.path();
        boolean ours = LIVE.equals(path) || READY.equals(path) || METRICS.equals(path);
        if (!ours) {
            return false;
        }
        HttpServerResponse response = request.response();
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            observe(Problem.of(405, "method-not-allowed").send(response));
        } else if (METRICS.equals(path)) {
            switch (access.get()) {
                case STATUS -> {
                    response.putHeader("WWW-Authenticate", "Bearer realm=\"broker-handoff\"");
                    observe(Problem.of(401, "unauthenticated").send(response));
                }
                case DETAILS -> observe(Problem.of(403, "forbidden").send(response));
                case ALL -> observe(sendMetrics(response));
            }
        } else {
            boolean details = access.get() != Access.STATUS;
            observe(sendHealth(LIVE.equals(path) ? livenessChecks : readinessChecks, details, response));
        }
        return true;
    }

    private Future<Void> sendMetrics(HttpServerResponse response) {
        // Gauges may take locks or read files.
        return readiness(readinessChecks)
                .compose(readiness -> vertx.executeBlocking(
                        () -> {
                            health.show(readiness);
                            return meters.scrape(PROMETHEUS_TEXT);
                        },
                        false))
                .transform(scrape -> scrape.succeeded()
                        ? response.putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT)
                                .end(scrape.result())
                        : Problem.of(500, "metrics-failed").send(response));
    }

    /** The meter registry behind {@code /metrics}. */
    PrometheusMeterRegistry meters() {
        return meters;
    }

    private Future<Void> sendHealth(List<HealthCheck> checks, boolean details, HttpServerResponse response) {
        return readiness(checks)
                .compose(readiness -> response.setStatusCode(readiness.isReady() ? 200 : 503)
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end((details ? readiness.toJson() : readiness.status()).toString()));
    }

    private Future<Readiness> readiness(List<HealthCheck> checks) {
        List<Future<Finding>> findings = checks.stream().map(this::finding).toList();
        return Future.all(findings).map(all -> new Readiness(all.list()));
    }

    /** Never fails: a check that throws or times out is a finding too. */
    private Future<Finding> finding(HealthCheck check) {
        return run(check)
                .timeout(checkTimeout.toMillis(), MILLISECONDS)
                .otherwise(failure -> Health.unhealthy("check-failed", "the check did not finish in time"))
                .map(health -> new Finding(check.name(), health));
    }

    /** Joins a run in progress: a check that hangs must not occupy another worker thread with every probe. */
    private Future<Health> run(HealthCheck check) {
        return running.compute(
                check,
                (same, current) -> current != null && !current.isComplete()
                        ? current
                        : vertx.executeBlocking(() -> outcome(check), false));
    }

    private static Health outcome(HealthCheck check) {
        try {
            return check.check();
        } catch (RuntimeException failure) {
            // Its message may quote its input, so only the kind of failure is reported.
            LOG.warn(
                    "the health check {} failed with {}",
                    check.name(),
                    failure.getClass().getName());
            return Health.unhealthy("check-failed", failure.getClass().getSimpleName());
        }
    }

    private static void observe(Future<Void> answer) {
        answer.onFailure(failure ->
                LOG.debug("an answer was not sent: {}", failure.getClass().getName()));
    }
}
