package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.sandbox.Behaviour;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench start}: how long ingest and router take to be ready over a long history. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Holds one signup whose broker is down, writes the events of many others into the kept topics, and starts",
            "ingest and router over them: after a kill right then, and after they have run for some minutes."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:within the limit", "1:not", "2:could not run"})
final class StartCommand implements Callable<Integer> {
    private static final String AWAY = "away";
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    /** Until two marks were noted, and the history is older than the clocks may differ by. */
    private static final Duration RUNNING = Duration.ofSeconds(150);

    private static final int MOST_UNACKNOWLEDGED = 20_000;
    private static final Pattern COMPARED = Pattern.compile("compared with (\\d+) events");

    @Option(
            names = "--signups",
            defaultValue = "100000",
            description = "signups of the history, with three events each (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--limit-seconds",
            defaultValue = "10",
            description = "longest time to ready of the second start (default: ${DEFAULT-VALUE})")
    private long limitSeconds;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-start",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-start");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("HANDOFF_PARKING_INTERVAL", "PT2S");
        try (Rig rig = new Rig(directory, Map.of(AWAY, Behaviour.accepting()), 1, settings)) {
            rig.stopBroker(AWAY);
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(0), Rig.POLICY_VERSION, List.of(AWAY), Instant.now());
            int status = rig.website
                    .signup(request, "held")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .status();
            if (status != 202) {
                throw new IOException("the signup that is to be held was answered " + status);
            }
            Instant began = Instant.now();
            write(rig);
            System.out.printf(
                    Locale.ROOT,
                    "%d events of %d signups written in %.1f s%n",
                    3L * signups,
                    signups,
                    Duration.between(began, Instant.now()).toMillis() / 1000.0);
            start(rig, "right after the history");
            Thread.sleep(RUNNING.toMillis());
            Duration slowest = start(rig, "after " + RUNNING.toSeconds() + " s of running");
            return slowest.toSeconds() < limitSeconds ? 0 : 1;
        }
    }

    /** {@code kill -9} and start of both, one after the other. */
    private static Duration start(Rig rig, String when) throws IOException, InterruptedException {
        rig.ingest.kill();
        rig.router.kill();
        Duration slowest = Duration.ZERO;
        for (ServiceProcess service : List.of(rig.router, rig.ingest)) {
            int before = service.output().length();
            Instant began = Instant.now();
            service.start();
            service.awaitReady(START_LIMIT);
            Duration took = Duration.between(began, Instant.now());
            Matcher compared = COMPARED.matcher(service.output().substring(before));
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: ready after %.1f s, compared with %s events%n",
                    when,
                    service.name(),
                    took.toMillis() / 1000.0,
                    compared.find() ? compared.group(1) : "no");
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
        }
        return slowest;
    }

    private void write(Rig rig) throws InterruptedException {
        Semaphore room = new Semaphore(MOST_UNACKNOWLEDGED);
        Instant at = Instant.now();
        try (EventPublisher publisher = new EventPublisher(rig.clients, rig.codec, "/bench", InstantSource.system())) {
            for (int i = 0; i < signups; i++) {
                UUID id = UUID.randomUUID();
                publish(publisher, room, Topic.CONSENTS, id, withdrawn(id, at));
                publish(publisher, room, Topic.HANDOFFS, id, delivered(id, at));
                publish(publisher, room, Topic.PURGES, id, purged(id, at));
            }
            room.acquire(MOST_UNACKNOWLEDGED);
        }
    }

    private static void publish(EventPublisher publisher, Semaphore room, Topic topic, UUID id, SpecificRecord event)
            throws InterruptedException {
        room.acquire();
        CompletableFuture<?> acknowledged = publisher.publish(topic, id, event).toCompletableFuture();
        var unused = acknowledged.whenComplete((position, failure) -> room.release());
    }

    private static ConsentWithdrawn withdrawn(UUID id, Instant at) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setWithdrawnAt(at)
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                .build();
    }

    private static Delivered delivered(UUID id, Instant at) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setBroker(AWAY)
                .setAttempt(1)
                .setStartedAt(at)
                .setAcceptedAt(at)
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    private static Purged purged(UUID id, Instant at) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(id))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREADABLE)
                .setKeyErasedAt(at)
                .setReadBack(ReadBack.DIRECT)
                .setSlot(1 << 20)
                .setGeneration(1)
                .setPurgedAt(at)
                .build();
    }
}
