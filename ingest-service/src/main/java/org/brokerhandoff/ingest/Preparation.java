package org.brokerhandoff.ingest;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.country.file.CountryRulesWatch;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.service.ServiceCustody;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics, compares custody with the purges in the log, publishes custody's examination and the policies, and keeps the policies
 * up to date. Kafka may be unavailable at start; the service answers 503 until it is reachable.
 */
final class Preparation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final TopicProvisioner provisioner;
    private final EventPublisher publisher;
    private final Consumer<String> provisionedAs;
    private final ServiceCustody custody;
    private final PurgeHistory purges;
    private final Duration maximumHold;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingest-preparation");
        thread.setDaemon(true);
        return thread;
    });
    /** Published once Kafka is reachable, and retried until acknowledged: a repeat has the same event id. */
    private final Map<SpecificRecord, Topic> unpublished = new ConcurrentHashMap<>();

    private volatile boolean provisioned;
    private volatile String uncheckedBecause = "";

    private Preparation(
            Admin admin,
            EventLogSettings settings,
            EventPublisher publisher,
            Consumer<String> provisionedAs,
            ServiceCustody custody,
            PurgeHistory purges,
            CustodyExamined examination) {
        publishFirst(Topic.PURGES, examination);
        this.provisioner = new TopicProvisioner(admin, settings);
        this.publisher = publisher;
        this.provisionedAs = provisionedAs;
        this.custody = custody;
        this.purges = purges;
        this.maximumHold = settings.maximumHold();
    }

    /**
     * Tries once to create the topics.
     *
     * @param provisionedAs receives the name of the log once its topics exist
     * @param examination published once Kafka is reachable
     * @throws IllegalStateException if existing topics have another partition count
     */
    static Preparation start(
            Admin admin,
            EventLogSettings settings,
            EventPublisher publisher,
            Consumer<String> provisionedAs,
            ServiceCustody custody,
            PurgeHistory purges,
            CustodyExamined examination) {
        Preparation preparation =
                new Preparation(admin, settings, publisher, provisionedAs, custody, purges, examination);
        preparation.provision();
        return preparation;
    }

    /** Continues in the background: with the topics until they exist, with the policies and the rules per country indefinitely. */
    void follow(Policies policies, CountryRulesWatch countries) {
        var unused = timer.scheduleWithFixedDelay(
                () -> carryOn(policies, countries), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the topics exist, keys are served, the rules per country are in force and the policies are loaded. */
    Health health(Policies policies, CountryRulesWatch countries) {
        if (!provisioned) {
            return Health.unhealthy("event-log-unavailable", "the topics do not exist yet");
        }
        if (!custody.serving()) {
            return Health.unhealthy(
                    "custody-unchecked",
                    "the slots have not been compared with the purges in the log yet; no key is served"
                            + uncheckedBecause);
        }
        if (countries.inForce().isEmpty()) {
            return Health.unhealthy("country-rules-unpublished", "the rules per country are not in the log yet");
        }
        return policies.book().isPresent()
                ? Health.healthy()
                : Health.unhealthy("register-behind", "the policies could not be read recently");
    }

    @Override
    public void close() {
        // Not interrupted: an interrupt would close the slot file's channel for all its users.
        timer.shutdown();
        try {
            if (!timer.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("still waiting for Kafka");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carryOn(Policies policies, CountryRulesWatch countries) {
        try {
            if (!provisioned) {
                provision();
            }
            if (provisioned && !custody.serving()) {
                custody.serveKeysAfter(purges, maximumHold);
            }
            if (provisioned) {
                publishUnpublished();
                countries.look();
                var unused = policies.refreshed();
            }
        } catch (UnknownSchema e) {
            uncheckedBecause = "; " + e.getMessage();
            LOG.error("preparation failed: {}", e.getMessage());
        } catch (RuntimeException | InternalError e) {
            uncheckedBecause = "";
            // A fault of the mapped slot file throws InternalError; a scheduled task that throws is never run again.
            LOG.error("preparation failed: {}", e.getMessage());
        }
    }

    /** Publishes an event that concerns no signup once Kafka is reachable. */
    void publishFirst(Topic topic, SpecificRecord event) {
        unpublished.put(event, topic);
    }

    private void publishUnpublished() {
        unpublished.forEach((event, topic) -> {
            var unused = publisher.publishTo(topic, 0, event).thenAccept(acknowledged -> unpublished.remove(event));
        });
    }

    private void provision() {
        try {
            provisionedAs.accept(provisioner.provision());
            publisher.warmUp();
            provisioned = true;
        } catch (EventLogUnavailable e) {
            LOG.warn("Kafka cannot be reached yet: {}", e.getMessage());
        }
    }
}
