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
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.event.LedgerCheckpoint;
import org.brokerhandoff.event.LedgerEntry;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.ReleasedSchemas;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The envelope of an event in its record: the key and the CloudEvents headers, and nothing else. It is derived from the event, its publisher
 * and the time, so that it cannot carry anything that no schema defines. Shared by writers and auditors.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka Protocol
 *     Binding for CloudEvents, 3.2</a>
 */
public final class EventEnvelope {
    private static final String SPECIFICATION = "1.0";
    private static final Pattern SERVICE = Pattern.compile("/[a-z]{1,16}(-[a-z]{1,16}){0,2}");
    private static final Pattern SOURCE = Pattern.compile(
            "/(?<installation>" + Settings.INSTALLATION_FORM + ")(?<service>" + SERVICE.pattern() + ")");
    private static final Header SPECVERSION = header(CloudEventHeaders.SPECVERSION, SPECIFICATION);
    private static final Header CONTENT_TYPE =
            header(CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.AVRO_MEDIA_TYPE);
    /** Headers of every record. One written before 29 November 2026 has no others, and a source without an installation. */
    private static final Set<String> ALWAYS = Set.of(
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
     * @throws IllegalArgumentException if {@code service} is not a service's name, such as {@code /ingest}, or {@code installation} not an
     *     installation's
     */
    static Header source(String installation, String service) {
        if (!SERVICE.matcher(service).matches()) {
            throw new IllegalArgumentException("not a service's name");
        } else if (!SOURCE.matcher("/" + installation + service).matches()) {
            throw new IllegalArgumentException("not an installation's name");
        }
        return header(CloudEventHeaders.SOURCE, "/" + installation + service);
    }

    /** The service in a source, such as {@code /ingest}; empty if it does not have the form of a source. */
    public static Optional<String> service(String source) {
        Matcher named = SOURCE.matcher(source);
        if (named.matches()) {
            return Optional.of(named.group("service"));
        }
        return SERVICE.matcher(source).matches() ? Optional.of(source) : Optional.empty();
    }

    /** The installation in a source; none in records before 29 November 2026. */
    public static Optional<String> installation(String source) {
        Matcher named = SOURCE.matcher(source);
        return named.matches() ? Optional.of(named.group("installation")) : Optional.empty();
    }

    /**
     * The headers of {@code event} in the form of the ledger, published by {@code service} of {@code installation} at {@code now}.
     *
     * @throws IllegalArgumentException if these are not names of a service and an installation
     */
    public static List<Leaf.Header> headers(SpecificRecord event, String installation, String service, Instant now) {
        return headers(event, source(installation, service), ofType(event), now).stream()
                .map(header -> new Leaf.Header(header.key(), Optional.of(header.value())))
                .toList();
    }

    /** The text of the header of this name, as readers take it: the last of several. */
    public static Optional<String> header(List<Leaf.Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .reduce((first, last) -> last)
                .flatMap(header -> text(header.value()));
    }

    /** The headers that all events of the type of {@code event} have. */
    static List<Header> ofType(SpecificRecord event) {
        Schema schema = event.getSchema();
        return List.of(
                SPECVERSION,
                header(CloudEventHeaders.TYPE, schema.getFullName()),
                header(
                        CloudEventHeaders.DATASCHEMA,
                        ReleasedSchemas.urn(schema.getName(), EventCodec.fingerprint(schema))),
                CONTENT_TYPE);
    }

    /**
     * All headers of {@code event}, published at {@code now}.
     *
     * @param ofType those of its type
     */
    static List<Header> headers(SpecificRecord event, Header source, List<Header> ofType, Instant now) {
        List<Header> headers = new ArrayList<>(ofType);
        headers.add(header(CloudEventHeaders.ID, EventId.of(event)));
        headers.add(source);
        headers.add(header(CloudEventHeaders.TIME, now.toString()));
        subject(event).ifPresent(subject -> headers.add(header(CloudEventHeaders.SUBJECT, subject)));
        return headers;
    }

    /**
     * The subject of {@code event}, if it has one: a signup's or visitor's id, a place's broker, the ledger's origin. Never anything but the
     * key as text.
     */
    public static Optional<String> subject(SpecificRecord event) {
        return named(event).or(() -> EventId.subject(event).map(UUID::toString));
    }

    private static Optional<String> named(SpecificRecord event) {
        if (event instanceof PlaceRequested requested) {
            return Optional.of(requested.getBroker());
        } else if (event instanceof PlaceReleased released) {
            return Optional.of(released.getBroker());
        } else if (event instanceof LedgerEntry entry) {
            return Optional.of(entry.getOrigin());
        }
        return event instanceof LedgerCheckpoint checkpoint ? Optional.of(checkpoint.getOrigin()) : Optional.empty();
    }

    /**
     * The key of an event's record: the broker's id of a place, the ledger's origin, the id of the signup or visitor, and otherwise the
     * event's own id.
     */
    public static byte[] key(SpecificRecord event) {
        return named(event)
                .map(EventEnvelope::bytes)
                .or(() -> EventId.subject(event).map(SignupIds::bytes))
                .orElseGet(() -> bytes(EventId.of(event)));
    }

    /**
     * Faults in {@code headers} that no publisher of ours writes, described without quoting. Does not check whether id and type are present
     * and match the content.
     *
     * @param event the event in {@code value}
     */
    public static List<String> foreign(List<Leaf.Header> headers, SpecificRecord event, byte[] value) {
        boolean before = header(headers, CloudEventHeaders.SOURCE)
                .filter(SERVICE.asMatchPredicate())
                .isPresent();
        Map<String, String> added = before ? Map.of() : added(event, value);
        Set<String> names = new TreeSet<>(ALWAYS);
        names.addAll(added.keySet());
        List<String> found = new ArrayList<>();
        Map<String, Optional<byte[]>> values = new HashMap<>();
        Set<String> doubled = new HashSet<>();
        long unknown = 0;
        for (Leaf.Header header : headers) {
            if (!names.contains(header.name())) {
                unknown++;
            } else if (values.put(header.name(), header.value()) != null) {
                doubled.add(header.name());
            }
        }
        if (unknown > 0) {
            found.add(unknown + (unknown == 1 ? " header has a name" : " headers have names") + " that no event has");
        }
        names.forEach(name -> {
            if (!values.containsKey(name)) {
                if (!name.equals(CloudEventHeaders.ID) && !name.equals(CloudEventHeaders.TYPE)) {
                    found.add("there is no header " + name);
                }
            } else if (doubled.contains(name)) {
                found.add("the header " + name + " occurs twice");
            } else if (!fits(name, text(values.get(name)), added)) {
                found.add("the header " + name + " has the wrong value");
            }
        });
        return found;
    }

    /** The headers added together with the installation, with the only permitted value of each. */
    private static Map<String, String> added(SpecificRecord event, byte[] value) {
        String schema = ReleasedSchemas.urn(event.getSchema().getName(), EventCodec.fingerprint(value));
        return subject(event)
                .map(subject -> Map.of(CloudEventHeaders.DATASCHEMA, schema, CloudEventHeaders.SUBJECT, subject))
                .orElseGet(() -> Map.of(CloudEventHeaders.DATASCHEMA, schema));
    }

    private static boolean fits(String name, Optional<String> value, Map<String, String> added) {
        return value.filter(text -> switch (name) {
                    case CloudEventHeaders.SPECVERSION -> text.equals(SPECIFICATION);
                    case CloudEventHeaders.CONTENT_TYPE -> text.equals(CloudEventHeaders.AVRO_MEDIA_TYPE);
                    case CloudEventHeaders.SOURCE -> service(text).isPresent();
                    case CloudEventHeaders.TIME -> isTime(text);
                    default -> text.equals(added.getOrDefault(name, text));
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

    /** The text of a header's value; empty if absent or not valid text. */
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
