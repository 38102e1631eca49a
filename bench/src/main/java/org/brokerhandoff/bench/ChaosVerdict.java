package org.brokerhandoff.bench;

import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.quickstart.observe.Life;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Judges a run by the brokers' books, custody, Kafka, the audit, the status shown to the website, and the files. */
final class ChaosVerdict {
    private static final int SLOTS = 65_536;
    private static final int MOST_SLOTS = 4_194_304;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Beyond this number of people, only some are searched for, and only some statuses are queried. */
    private static final int SEARCHED = 1_500;

    private static final int ASKED = 400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rig rig;
    private final ChaosLoad load;
    private final Optional<CellEngines> engines;
    private final List<String> problems = new ArrayList<>();
    private final ObjectNode figures = JSON.createObjectNode();

    /** @param engines cells and database, if custody is there */
    ChaosVerdict(Rig rig, ChaosLoad load, Optional<CellEngines> engines) {
        this.engines = engines;
        this.rig = rig;
        this.load = load;
    }

    /** The faults found. */
    List<String> problems() {
        return problems;
    }

    /** The counts, for programs. */
    ObjectNode figures() {
        return figures;
    }

    /** Judges; everything has ended, or was given up. */
    void judge() throws IOException, InterruptedException {
        figures.put("sent", load.sent.get());
        figures.put("accepted", load.accepted.size());
        load.unexpected.forEach((answer, count) -> problems.add(count + " times the website was answered " + answer));
        if (Set.copyOf(load.accepted.values()).size() != load.accepted.size()) {
            problems.add("two requests got one signup id");
        }
        load.repeated.forEach((number, id) -> {
            if (!id.equals(load.accepted.get(number))) {
                problems.add("one key stands for " + load.accepted.get(number) + " and " + id);
            }
        });
        figures.put("repeatedElsewhere", load.repeated.size());
        books();
        purges();
        custody();
        status();
        audit();
        files();
    }

    private void books() {
        Map<String, Integer> ends = new TreeMap<>();
        for (UUID id : load.accepted.values()) {
            List<String> takers = rig.takers(id);
            Life life = rig.observer.life(id).orElse(Life.of(id));
            Optional<PurgeReason> reason = life.purged().map(Purged::getReason);
            boolean withdrawn = load.withdrawn.containsKey(id);
            ends.merge(reason.map(Enum::name).orElse("NOT_PURGED"), 1, Integer::sum);
            if (takers.size() > 1) {
                problems.add(id + " was accepted by " + takers);
            }
            if (!takers.containsAll(life.deliveredTo())) {
                problems.add(id + " is reported delivered to " + life.deliveredTo() + ", but " + takers + " have it");
            }
            if (!withdrawn && !life.deliveredTo().containsAll(takers)) {
                problems.add(id + " was accepted by " + takers + ", but is not reported delivered");
            }
            if (takers.isEmpty()
                    && !withdrawn
                    && reason.filter(PurgeReason.UNDELIVERABLE::equals).isEmpty()) {
                problems.add(id + " is lost: no broker has it, and it was purged as "
                        + reason.map(Enum::name).orElse("nothing at all"));
            }
            if ("ERASED_BEFORE_HANDOFF".equals(load.withdrawn.get(id)) && !takers.isEmpty()) {
                problems.add(id + " reached a broker although its withdrawal was answered ERASED_BEFORE_HANDOFF");
            }
        }
        figures.set("purgesByReason", JSON.valueToTree(ends));
        figures.set(
                "withdrawals",
                JSON.valueToTree(load.withdrawn.values().stream()
                        .collect(Collectors.groupingBy(outcome -> outcome, TreeMap::new, Collectors.counting()))));
    }

    /** One purge each, in time; and what is claimed unreachable cannot be reached. */
    private void purges() {
        Map<UUID, List<Purged>> purges = new HashMap<>();
        Map<String, Integer> levels = new TreeMap<>();
        try (EventReader reader = new EventReader(rig.clients, rig.codec, "bench-chaos")) {
            reader.readAll(List.of(Topic.PURGES), received -> {
                if (received.decoded() instanceof Decoded.Event event && event.event() instanceof Purged purged) {
                    purges.computeIfAbsent(SignupIds.uuid(purged.getSignupId()), unused -> new ArrayList<>())
                            .add(purged);
                }
            });
        }
        Map<Integer, Long> starts = starts();
        int repeats = 0;
        for (UUID id : load.accepted.values()) {
            List<Purged> made = purges.getOrDefault(id, List.of());
            repeats += Math.max(0, made.size() - 1);
            if (made.isEmpty()) {
                problems.add(id + " has no purge");
            }
            if (made.stream().map(Purged::getReason).distinct().count() > 1) {
                problems.add(id + " was purged for two reasons");
            }
            for (Purged purged : made) {
                Instant eraseBy = purged.getEraseBy();
                Long offset = purged.getOffset();
                Integer partition = purged.getPartition();
                levels.merge(purged.getLevel().name(), 1, Integer::sum);
                if (eraseBy != null && purged.getPurgedAt().isAfter(eraseBy)) {
                    problems.add(id + " was purged after its time");
                }
                if (purged.getLevel() != PurgeLevel.UNREADABLE
                        && offset != null
                        && partition != null
                        && Objects.requireNonNull(starts.get(partition)) <= offset) {
                    problems.add(id + " is claimed to be " + purged.getLevel() + ", but Kafka serves it");
                }
            }
        }
        figures.set("purgesByLevel", JSON.valueToTree(levels));
        figures.put("purgesRepeated", repeats);
    }

    private Map<Integer, Long> starts() {
        Map<Integer, Long> starts = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = rig.clients.rangeConsumer("bench-chaos")) {
            String topic = Topic.SIGNUPS.name(rig.clients.settings().topicPrefix());
            List<TopicPartition> partitions = IntStream.range(
                            0, consumer.partitionsFor(topic).size())
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
            consumer.beginningOffsets(partitions)
                    .forEach((partition, offset) -> starts.put(partition.partition(), offset));
        }
        return starts;
    }

    /** No key is left, and no slot waits. */
    private void custody() throws InterruptedException {
        if (engines.isPresent()) {
            cells(engines.get());
            return;
        }
        FileKeyset keyset = FileKeyset.openOrCreate(rig.directory.resolve("custody.keyset"));
        try (SlotFile custody =
                SlotFile.open(new CustodySettings(rig.directory.resolve("custody.slots"), SLOTS, MOST_SLOTS), keyset)) {
            Rig.waitFor(
                    () -> awaited(custody.usage()).live() == 0
                            && awaited(custody.usage()).erased() == 0,
                    PATIENCE,
                    "custody to be empty");
            CustodyUsage usage = awaited(custody.usage());
            figures.put("keysLeft", usage.live());
            figures.put("slotsLeft", usage.erased());
            if (usage.live() > 0 || usage.erased() > 0 || usage.failed()) {
                problems.add("custody has " + usage.live() + " keys, and " + usage.erased() + " slots that wait");
            }
        }
    }

    private void cells(CellEngines cells) throws InterruptedException {
        String left = "state <> 'ERASED' OR zeroed <> 7";
        Rig.waitFor(() -> cells.noneIs(left), PATIENCE, "the cells to be empty");
        long keys = cells.database.number("SELECT count(*) FROM custody WHERE " + left);
        figures.put("keysLeft", keys);
        if (keys > 0) {
            problems.add(keys + " keys are not destroyed on all cells");
        }
    }

    private void status() throws InterruptedException {
        List<UUID> ids = load.accepted.values().stream().limit(ASKED).toList();
        for (UUID id : ids) {
            try {
                Reply reply = rig.website
                        .status(id)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
                untrue(id, reply).ifPresent(lie -> problems.add("the status of " + id + " " + lie));
            } catch (ExecutionException | TimeoutException e) {
                problems.add("the status of " + id + " was not answered");
            }
        }
        figures.put("statusesAsked", ids.size());
    }

    private Optional<String> untrue(UUID id, Reply reply) {
        String status = String.valueOf(reply.members().get("status"));
        List<String> takers = rig.takers(id);
        boolean delivered = status.equals("DELIVERED");
        if (load.withdrawn.containsKey(id)) {
            return status.equals("WITHDRAWN")
                    ? Optional.empty()
                    : Optional.of("says " + status + ", but it was withdrawn");
        } else if (delivered != !takers.isEmpty()) {
            return Optional.of("says " + status + ", but " + takers + " have it");
        } else if (delivered && !takers.contains(reply.members().get("broker.id"))) {
            return Optional.of("says that " + reply.members().get("broker.id") + " has it, but " + takers + " have");
        }
        return Optional.empty();
    }

    private void audit() {
        Verdict verdict = AuditVerifier.verify(rig.clients, rig.codec, Instant.now(), true);
        if (!verdict.holds()) {
            problems.add(verdict.render(Verdict.Style.PLAIN));
        }
        ReplayReport replay =
                AuditReplayer.replay(rig.clients, rig.codec, Optional.empty(), (partition, partitions) -> {});
        if (!replay.equal()) {
            problems.add(replay.render());
        }
        figures.put("audit", verdict.holds());
        figures.put("events", verdict.counts().events());
        figures.put("repeats", verdict.counts().repeats());
        figures.put("replayEqual", replay.equal());
    }

    private void files() throws IOException {
        int step = Math.max(1, load.accepted.size() / SEARCHED);
        PersonSearch search = new PersonSearch(load.accepted.keySet().stream()
                .sorted()
                .filter(number -> number % step == 0)
                .map(SamplePeople::person)
                .map(person -> List.of(person.fullName(), person.email(), person.phone()))
                .toList());
        PersonSearch.Result found = search.findInFiles(rig.directory);
        if (engines.isPresent()) {
            PersonSearch.Result below = search.findInFiles(engines.get().folder());
            below.findings().stream().limit(10).forEach(finding -> problems.add("found: " + finding));
            figures.put("filesOfEnginesSearched", below.files());
        }
        found.findings().stream().limit(10).forEach(finding -> problems.add("found: " + finding));
        figures.put("peopleSearched", load.accepted.size() / step);
        figures.put("peopleFound", found.people());
        figures.put("filesSearched", found.files());
    }
}
