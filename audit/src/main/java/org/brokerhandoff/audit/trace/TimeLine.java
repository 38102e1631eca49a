package org.brokerhandoff.audit.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The events of one signup, in order of occurrence.
 *
 * @param signupId the signup
 * @param entries its events, by time; those of the same millisecond in their possible order
 */
public record TimeLine(UUID signupId, List<Entry> entries) {
    private static final DateTimeFormatter TO_THE_MILLISECOND = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One event.
     *
     * @param at when it happened, by the clock of the service that published it
     * @param event the type of event
     * @param essentials its content, in display order
     * @param place its position in the log
     * @param repeat whether the same event occurs earlier in the log
     */
    public record Entry(Instant at, String event, Map<String, Said> essentials, String place, boolean repeat) {}

    /** Copies the entries. */
    public TimeLine {
        entries = List.copyOf(entries);
    }

    /**
     * The time line of {@code signupId} from its partition's records, those of each topic in order; others are skipped. If the purge claims
     * {@code ERASED}, it includes the inspections of the brokers' files that support it: for each broker the first after the cut that found
     * the record in no file.
     */
    public static TimeLine of(UUID signupId, Collection<KeptRecord> records) {
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        records.stream()
                .sorted(Comparator.comparing(KeptRecord::topic))
                .forEach(record -> record.event()
                        .filter(event ->
                                EventId.signup(event).filter(signupId::equals).isPresent())
                        .ifPresent(event -> entries.add(entry(event, record, !seen.add(EventId.of(event))))));
        entries.addAll(looks(signupId, records));
        entries.sort(Comparator.comparing(Entry::at));
        return new TimeLine(signupId, entries);
    }

    private static Collection<Entry> looks(UUID signupId, Collection<KeptRecord> records) {
        Map<Integer, Entry> firstOfBroker = new TreeMap<>();
        records.stream()
                .flatMap(record -> record.event().stream())
                .filter(Purged.class::isInstance)
                .map(Purged.class::cast)
                .filter(purged -> purged.getLevel() == PurgeLevel.ERASED
                        && EventId.signup(purged).filter(signupId::equals).isPresent())
                .findFirst()
                .ifPresent(purged -> records.forEach(record -> record.event()
                        .filter(event -> event instanceof LogErased look && supports(look, purged))
                        .map(LogErased.class::cast)
                        .ifPresent(look -> firstOfBroker.putIfAbsent(look.getBroker(), entry(look, record, false)))));
        return firstOfBroker.values();
    }

    private static boolean supports(LogErased look, Purged purged) {
        Instant cut = purged.getCutConfirmedAt();
        Long startOffset = purged.getStartOffset();
        Long lowest = look.getLowestOffset();
        if (look.getTopic() != SealedTopic.SIGNUPS || cut == null || startOffset == null || lowest == null) {
            return false;
        }
        long last = purged.getOffset() == null ? startOffset - 1 : purged.getOffset();
        return Integer.valueOf(look.getPartition()).equals(purged.getPartition())
                && lowest > last
                && look.getObservedAt().isAfter(cut)
                && !look.getObservedAt().isAfter(purged.getPurgedAt());
    }

    /** For people: one line per event with aligned columns. Ends with a line break. */
    public String render() {
        StringBuilder text = new StringBuilder("signup ").append(signupId).append('\n');
        int widest =
                entries.stream().mapToInt(entry -> entry.event().length()).max().orElse(0);
        Instant previous = null;
        for (Entry entry : entries) {
            String essentials = entry.essentials().entrySet().stream()
                    .map(essential ->
                            essential.getKey() + " " + essential.getValue().plain())
                    .collect(Collectors.joining(", "));
            text.append(String.format(
                            Locale.ROOT,
                            "%s  %10s  %-" + Math.max(1, widest) + "s  %s%s",
                            TO_THE_MILLISECOND.format(entry.at()),
                            previous == null ? "" : delta(Duration.between(previous, entry.at())),
                            entry.event(),
                            essentials,
                            entry.repeat() ? " (published again)" : ""))
                    .append('\n');
            previous = entry.at();
        }
        return text.toString();
    }

    /** For programs: all of it as one JSON object. Ends with a line break. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("signupId", signupId.toString());
        var array = root.putArray("events");
        for (Entry entry : entries) {
            ObjectNode node = array.addObject()
                    .put("at", entry.at().toString())
                    .put("event", entry.event())
                    .put("place", entry.place())
                    .put("repeat", entry.repeat());
            ObjectNode essentials = node.putObject("essentials");
            entry.essentials().forEach((name, said) -> essentials.put(name, said.plain()));
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can be written", e);
        }
    }

    private static Entry entry(SpecificRecord event, KeptRecord record, boolean repeat) {
        Essentials essentials = new Essentials();
        Instant at = describe(event, essentials);
        return new Entry(at, event.getSchema().getName(), essentials.byName, record.place(), repeat);
    }

    /** Adds the content of an event and returns when it happened. */
    private static Instant describe(SpecificRecord event, Essentials to) {
        if (event instanceof ConsentGranted e) {
            to.put("policy", e.getPolicyVersion());
            to.put("recipients", String.join(" ", e.getRecipients()));
            to.put("given at", e.getGivenAt());
            if (e.getDeclaredAge() != null) {
                to.put("declared age", e.getDeclaredAge());
            }
            to.put("erase by", e.getEraseBy());
            return e.getReceivedAt();
        } else if (event instanceof ContactReceived e) {
            to.put("recipients", String.join(" ", e.getRecipients()));
            to.put("erase by", e.getEraseBy());
            return e.getReceivedAt();
        } else if (event instanceof ConsentWithdrawn e) {
            to.put("outcome", e.getOutcome());
            if (e.getAttempts() != null) {
                to.put("attempts", e.getAttempts());
            }
            return e.getWithdrawnAt();
        } else if (event instanceof Assigned e) {
            to.put("broker", e.getBroker());
            to.put("hop", e.getHop());
            to.put("candidates", e.getCandidates().size());
            to.put("excluded", e.getExclusions().isEmpty() ? null : new Said.PassedOver(e.getExclusions()));
            return e.getDecidedAt();
        } else if (event instanceof Postponed e) {
            to.put("until", e.getUntil());
            to.put("excluded", e.getExclusions().isEmpty() ? null : new Said.PassedOver(e.getExclusions()));
            return e.getDecidedAt();
        } else if (event instanceof PlaceRequested e) {
            to.put("broker", e.getBroker());
            to.put("hour", e.getHour());
            to.put("hourly cap", e.getHourlyCap());
            to.put("daily cap", e.getDailyCap());
            return e.getRequestedAt();
        } else if (event instanceof PlaceReleased e) {
            to.put("broker", e.getBroker());
            to.put("hour", e.getHour());
            return e.getReleasedAt();
        } else if (event instanceof PingMade e) {
            to.put("broker", e.getBroker());
            to.put("outcome", e.getOutcome());
            to.put("status", e.getStatus());
            to.put("took", Duration.between(e.getAskedAt(), e.getAnsweredAt()));
            return e.getAnsweredAt();
        } else if (event instanceof Reconciled e) {
            to.put("broker", e.getBroker());
            to.put("answer", e.getAnswer());
            to.put("took", Duration.between(e.getAskedAt(), e.getAnsweredAt()));
            return e.getAnsweredAt();
        } else if (event instanceof Released e) {
            to.put("broker", e.getBroker());
            to.put("reason", e.getReason());
            to.put("last attempt", e.getLastAttemptAt());
            return e.getReleasedAt();
        } else if (event instanceof AttemptMade e) {
            to.put("broker", e.getBroker());
            to.put("attempt", e.getAttempt());
            to.put("outcome", e.getOutcome());
            to.put("reason", e.getNotSentReason());
            to.put("status", e.getStatus());
            to.put("took", Duration.between(e.getStartedAt(), e.getEndedAt()));
            return e.getEndedAt();
        } else if (event instanceof Parked e) {
            to.put("broker", e.getBroker());
            to.put("reason", e.getReason());
            return e.getParkedAt();
        } else if (event instanceof Delivered e) {
            to.put("broker", e.getBroker());
            to.put("attempt", e.getAttempt());
            to.put("status", e.getStatus());
            to.put("duplicate", e.getDuplicate() ? true : null);
            to.put("took", Duration.between(e.getStartedAt(), e.getAcceptedAt()));
            return e.getAcceptedAt();
        } else if (event instanceof Refused e) {
            to.put("broker", e.getBroker());
            to.put("attempt", e.getAttempt());
            to.put("reason", e.getReason());
            to.put("status", e.getStatus());
            to.put("took", Duration.between(e.getStartedAt(), e.getRefusedAt()));
            return e.getRefusedAt();
        } else if (event instanceof Undeliverable e) {
            to.put("reason", e.getReason());
            to.put("excluded", e.getExclusions().isEmpty() ? null : new Said.PassedOver(e.getExclusions()));
            return e.getDecidedAt();
        } else if (event instanceof Purged e) {
            to.put("level", e.getLevel());
            to.put("reason", e.getReason());
            to.put("key destroyed", e.getKeyErasedAt());
            to.put("read back", e.getReadBack());
            to.put("offset", e.getOffset());
            to.put("log starts at", e.getStartOffset());
            to.put(
                    "replicas",
                    e.getReplicas() == null || e.getInSyncReplicas() == null
                            ? null
                            : new Said.InSync(e.getInSyncReplicas(), e.getReplicas()));
            to.put(
                    "parked log starts at",
                    e.getParked() == null ? null : e.getParked().getStartOffset());
            return e.getPurgedAt();
        } else if (event instanceof LogErased e) {
            to.put("Kafka broker", e.getBroker());
            to.put("lowest offset in a file", e.getLowestOffset());
            return e.getObservedAt();
        }
        if (event instanceof CanaryChecked e) {
            to.put("verdict", e.getVerdict());
            to.put("findings", e.getFindings());
            to.put("records searched", e.getRecords());
            to.put("files searched", e.getFiles());
            to.put("unreadable", e.getUnreadable());
            return e.getCheckedAt();
        }
        Instant ofNotice = NoticeEntries.describe(event, to::put);
        if (ofNotice != null) {
            return ofNotice;
        }
        Instant ofRequest = RightsEntries.describe(event, to::put);
        if (ofRequest != null) {
            return ofRequest;
        }
        Instant ofDisclosure = DisclosureEntries.describe(event, to::put);
        if (ofDisclosure != null) {
            return ofDisclosure;
        }
        throw new IllegalArgumentException(
                "not an event of a signup's life: " + event.getSchema().getName());
    }

    /** A duration with its sign, in the shortest unit. */
    static String delta(Duration duration) {
        long millis = duration.toMillis();
        String sign = millis < 0 ? "-" : "+";
        long positive = Math.abs(millis);
        if (positive < 10_000) {
            return sign + positive + " ms";
        } else if (positive < 600_000) {
            return String.format(Locale.ROOT, "%s%.1f s", sign, positive / 1000.0);
        }
        return String.format(Locale.ROOT, "%s%dh %02dm", sign, positive / 3_600_000, positive / 60_000 % 60);
    }

    private static final class Essentials {
        private final Map<String, Said> byName = new LinkedHashMap<>();

        void put(String name, @Nullable Object value) {
            if (value != null) {
                byName.put(name, said(value));
            }
        }

        private static Said said(Object value) {
            if (value instanceof Said said) {
                return said;
            } else if (value instanceof Instant at) {
                return new Said.Moment(at);
            } else if (value instanceof Enum<?> constant) {
                return new Said.Named(constant);
            } else if (value instanceof Duration duration) {
                return new Said.Lasting(duration);
            } else if (value instanceof Boolean yes) {
                return new Said.Agreed(yes);
            }
            return new Said.Text(value.toString());
        }
    }
}
