package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;

/**
 * What stands around an event in its record: the key and the CloudEvents headers, and nothing else. Follows from the event, its publisher
 * and the moment, so that neither can carry what no schema defines. Writers and auditors ask the same code.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka Protocol
 *     Binding for CloudEvents, 3.2</a>
 */
public final class EventEnvelope {
    private static final String SPECIFICATION = "1.0";
    private static final Pattern SOURCE = Pattern.compile("/[a-z]{1,16}(-[a-z]{1,16}){0,2}");
    private static final Header SPECVERSION = header(CloudEventHeaders.SPECVERSION, SPECIFICATION);
    private static final Header CONTENT_TYPE =
            header(CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.AVRO_MEDIA_TYPE);
    private static final Set<String> NAMES = Set.of(
            CloudEventHeaders.SPECVERSION,
            CloudEventHeaders.ID,
            CloudEventHeaders.SOURCE,
            CloudEventHeaders.TYPE,
            CloudEventHeaders.TIME,
            CloudEventHeaders.CONTENT_TYPE);

    private EventEnvelope() {}

    /**
     * The header that names the publishing service.
     *
     * @throws IllegalArgumentException if {@code source} is not a service's name, such as {@code /ingest}
     */
    static Header source(String source) {
        if (!SOURCE.matcher(source).matches()) {
            throw new IllegalArgumentException("not a service's name");
        }
        return header(CloudEventHeaders.SOURCE, source);
    }

    /**
     * The headers of {@code event} as the ledger takes them, published by {@code source} at {@code now}.
     *
     * @throws IllegalArgumentException if {@code source} is not a service's name
     */
    public static List<Leaf.Header> headers(SpecificRecord event, String source, Instant now) {
        return headers(event, source(source), type(event), now).stream()
                .map(header -> new Leaf.Header(header.key(), Optional.of(header.value())))
                .toList();
    }

    /** The text of the header of this name, as a reader takes it: of several, the last one. */
    public static Optional<String> header(List<Leaf.Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .reduce((first, last) -> last)
                .flatMap(header -> text(header.value()));
    }

    /** The header that names the type of {@code event}. */
    static Header type(SpecificRecord event) {
        return header(CloudEventHeaders.TYPE, event.getSchema().getFullName());
    }

    /** All headers of {@code event}, published at {@code now}. */
    static List<Header> headers(SpecificRecord event, Header source, Header type, Instant now) {
        return List.of(
                SPECVERSION,
                header(CloudEventHeaders.ID, EventId.of(event)),
                source,
                type,
                header(CloudEventHeaders.TIME, now.toString()),
                CONTENT_TYPE);
    }

    /**
     * The key of an event's record: the broker's id of a place, the ledger's origin, the id of the signup or visitor that the event is
     * about, and of an event about none of these its own id.
     */
    public static byte[] key(SpecificRecord event) {
        if (event instanceof PlaceRequested requested) {
            return bytes(requested.getBroker());
        } else if (event instanceof PlaceReleased released) {
            return bytes(released.getBroker());
        } else if (event instanceof LedgerEntry entry) {
            return bytes(entry.getOrigin());
        } else if (event instanceof LedgerCheckpoint checkpoint) {
            return bytes(checkpoint.getOrigin());
        }
        return EventId.subject(event).map(SignupIds::bytes).orElseGet(() -> bytes(EventId.of(event)));
    }

    /**
     * What in {@code headers} no publisher of ours writes around an event, in words that quote nothing of it. Whether id and type are there,
     * and are those of the content, is not looked at.
     */
    public static List<String> foreign(List<Leaf.Header> headers) {
        List<String> found = new ArrayList<>();
        Map<String, Optional<byte[]>> values = new HashMap<>();
        Set<String> doubled = new HashSet<>();
        long unknown = 0;
        for (Leaf.Header header : headers) {
            if (!NAMES.contains(header.name())) {
                unknown++;
            } else if (values.put(header.name(), header.value()) != null) {
                doubled.add(header.name());
            }
        }
        if (unknown > 0) {
            found.add(unknown + (unknown == 1 ? " header has a name" : " headers have names") + " that no event has");
        }
        NAMES.stream().sorted().forEach(name -> {
            if (!values.containsKey(name)) {
                if (!name.equals(CloudEventHeaders.ID) && !name.equals(CloudEventHeaders.TYPE)) {
                    found.add("there is no header " + name);
                }
            } else if (doubled.contains(name)) {
                found.add("the header " + name + " stands there twice");
            } else if (!fits(name, text(values.get(name)))) {
                found.add("the header " + name + " is not what it has to be");
            }
        });
        return found;
    }

    private static boolean fits(String name, Optional<String> value) {
        return value.filter(text -> switch (name) {
                    case CloudEventHeaders.SPECVERSION -> text.equals(SPECIFICATION);
                    case CloudEventHeaders.CONTENT_TYPE -> text.equals(CloudEventHeaders.AVRO_MEDIA_TYPE);
                    case CloudEventHeaders.SOURCE -> SOURCE.matcher(text).matches();
                    case CloudEventHeaders.TIME -> isTime(text);
                    default -> true;
                })
                .isPresent();
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text).toString().equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The text of a header's value; empty if there is none, or if its bytes are no text. */
    private static Optional<String> text(Optional<byte[]> value) {
        return value.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(text -> Arrays.equals(bytes(text), value.get()));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
