package org.brokerhandoff.audit.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.routing.BrokerFacts;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.ReleasedSchemas;

/** The published versions of the broker directory. */
public final class Directories {
    /**
     * How long a version may still be used after the next one was published: two routers load it one after the other, work started with the
     * old one is completed, and the clock may have been set.
     */
    public static final Duration TOLERANCE = Duration.ofMinutes(2);

    /** None. */
    public static final Directories NONE = new Directories(Map.of(), List.of(), Set.of());

    private final Map<Digest, List<BrokerFacts>> versions;
    private final List<Publication> publications;
    private final Set<Digest> mislabelled;
    private final Set<String> brokers;

    private record Publication(Instant at, Digest digest) {}

    private Directories(
            Map<Digest, List<BrokerFacts>> versions, List<Publication> publications, Set<Digest> mislabelled) {
        this.versions = versions;
        this.publications = publications;
        this.mislabelled = mislabelled;
        this.brokers = versions.values().stream()
                .flatMap(List::stream)
                .map(BrokerFacts::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The versions that {@code events} publish. One whose digest does not match its content is known, and reported. */
    public static Directories of(Collection<DirectoryPublished> events, EventCodec codec) {
        Map<Digest, List<BrokerFacts>> versions = new HashMap<>();
        List<Publication> publications = new ArrayList<>();
        Set<Digest> mislabelled = new HashSet<>();
        for (DirectoryPublished event : events) {
            publications.add(new Publication(event.getPublishedAt(), event.getDigest()));
            if (!labelled(event, codec)) {
                mislabelled.add(event.getDigest());
            }
            versions.putIfAbsent(event.getDigest(), BrokerFacts.of(event));
        }
        publications.sort(Comparator.comparing(Publication::at));
        return new Directories(Map.copyOf(versions), List.copyOf(publications), Set.copyOf(mislabelled));
    }

    /** The brokers of a version. */
    public Optional<List<BrokerFacts>> version(Digest digest) {
        return Optional.ofNullable(versions.get(digest));
    }

    /** Number of versions. */
    public int count() {
        return versions.size();
    }

    /** The ids of the brokers that any version has. */
    public Set<String> brokers() {
        return brokers;
    }

    /** Versions whose digest does not match their content. */
    public Set<Digest> mislabelled() {
        return mislabelled;
    }

    /**
     * The entries of {@code broker} in the versions that may have been in force at {@code at}: the newest one before, and those published
     * within the {@linkplain #TOLERANCE tolerance} of that moment. Versions without the broker are omitted.
     */
    public List<BrokerFacts> inForce(String broker, Instant at) {
        List<BrokerFacts> found = new ArrayList<>();
        for (int i = publications.size() - 1; i >= 0; i--) {
            Publication publication = publications.get(i);
            if (publication.at().isAfter(at.plus(TOLERANCE))) {
                continue;
            }
            versions.getOrDefault(publication.digest(), List.of()).stream()
                    .filter(facts -> facts.id().equals(broker))
                    .forEach(found::add);
            if (!publication.at().isAfter(at.minus(TOLERANCE))) {
                break;
            }
        }
        return found;
    }

    /** Whether {@code rule} holds for any version that may have been in force, or none of them has the broker. */
    public boolean permits(String broker, Instant at, Predicate<BrokerFacts> rule) {
        List<BrokerFacts> versions = inForce(broker, at);
        return versions.isEmpty() || versions.stream().anyMatch(rule);
    }

    /**
     * Whether the digest matches the content: SHA-256 of the event with a zero digest and time, encoded. An event of an older schema version
     * was encoded with that version, so its digest counts too, if the content needs nothing newer.
     */
    private static boolean labelled(DirectoryPublished event, EventCodec codec) {
        DirectoryPublished canonical = DirectoryPublished.newBuilder(event)
                .setDigest(new Digest(new byte[Digests.sha256("").bytes().length]))
                .setPublishedAt(Instant.EPOCH)
                .build();
        byte[] encoded;
        try {
            encoded = codec.encode(canonical);
        } catch (IllegalArgumentException e) {
            // A text that violates its schema's kind: reported by the rule about that.
            return false;
        }
        return Digests.sha256(encoded).equals(event.getDigest())
                || ReleasedSchemas.all().stream()
                        .filter(schema -> schema.getFullName()
                                .equals(DirectoryPublished.getClassSchema().getFullName()))
                        .anyMatch(older -> {
                            byte[] olderForm = encoded(canonical, older);
                            return codec.decode(olderForm) instanceof Decoded.Event same
                                    && same.event().equals(canonical)
                                    && Digests.sha256(olderForm).equals(event.getDigest());
                        });
    }

    private static byte[] encoded(DirectoryPublished event, Schema older) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            Schema written = DirectoryPublished.getClassSchema();
            new SpecificDatumWriter<DirectoryPublished>(written, SpecificData.getForClass(DirectoryPublished.class))
                    .write(event, encoder);
            encoder.flush();
            GenericRecord generic = new GenericDatumReader<GenericRecord>(written, older)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
            ByteBuffer message = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), older).encode(generic);
            byte[] form = new byte[message.remaining()];
            message.get(form);
            return form;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
