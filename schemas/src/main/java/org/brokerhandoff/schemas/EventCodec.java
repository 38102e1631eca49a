package org.brokerhandoff.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.brokerhandoff.event.SignupId;

/**
 * Avro single-object encoding of events: {@code C3 01}, the writer schema's 64-bit fingerprint in little-endian order, the
 * binary body. Since the fingerprint names the schema, one topic can hold several record types, and events written by an older
 * version stay readable through the {@linkplain ReleasedSchemas released schemas}.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro: single-object encoding</a>
 */
public final class EventCodec {
    private static final int HEADER_BYTES = 10;

    static {
        // A poisoned length must not make Avro allocate gigabytes before it notices that the bytes are missing.
        setLimit("org.apache.avro.limits.bytes.maxLength", 1 << 20);
        setLimit("org.apache.avro.limits.string.maxLength", 1 << 16);
        setLimit("org.apache.avro.limits.collectionItems.maxLength", 1 << 16);
        // Avro instantiates only classes it was told to trust; ours are exactly the generated ones.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getPackage() == SignupId.class.getPackage()));
    }

    private final Map<Class<?>, RecordType> types;
    private final Map<Long, BinaryMessageDecoder<SpecificRecord>> decoders;

    /** A codec for every record type of the {@linkplain Topic catalogue}. */
    public EventCodec() {
        this(Catalogue.TYPES, Catalogue.DECODERS);
    }

    private EventCodec(Map<Class<?>, RecordType> types, Map<Long, BinaryMessageDecoder<SpecificRecord>> decoders) {
        this.types = types;
        this.decoders = decoders;
    }

    /**
     * The codec of a service version older than the current schema of {@code newer}: events of that schema are {@link
     * Decoded.UnknownSchema} to it. Lets tests show the handling of events that are newer than their reader.
     */
    public static EventCodec olderThan(Class<? extends SpecificRecord> newer) {
        Map<Long, BinaryMessageDecoder<SpecificRecord>> older = new HashMap<>(Catalogue.DECODERS);
        older.remove(fingerprint(SpecificData.get().getSchema(newer)));
        return new EventCodec(Catalogue.TYPES, older);
    }

    /**
     * The value bytes of {@code event}.
     *
     * @throws IllegalArgumentException if the type is not in the catalogue or a string is not of the kind its schema names; the
     *     message names the field, never the value
     */
    public byte[] encode(SpecificRecord event) {
        RecordType type = types.get(event.getClass());
        if (type == null) {
            throw new IllegalArgumentException(
                    "not an event of the catalogue: " + event.getSchema().getFullName());
        }
        Optional<String> violation = type.content().violation(event);
        if (violation.isPresent()) {
            throw new IllegalArgumentException(violation.get());
        }
        try {
            ByteBuffer encoded = type.encoder().encode(event);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether {@link #decode} would answer that it does not know the schema, without reading the body. */
    public boolean isOfUnknownSchema(byte[] value) {
        return isEvent(value) && !decoders.containsKey(fingerprint(value));
    }

    private static boolean isEvent(byte[] value) {
        return value.length >= HEADER_BYTES && value[0] == (byte) 0xC3 && value[1] == 0x01;
    }

    /** The fingerprint of the schema that {@code value}, an event, was written by. */
    public static long fingerprint(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    }

    /** Reads a record's value. Never throws, whatever the bytes are. */
    public Decoded decode(byte[] value) {
        if (!isEvent(value)) {
            return new Decoded.Undecodable();
        }
        long fingerprint = fingerprint(value);
        BinaryMessageDecoder<SpecificRecord> decoder = decoders.get(fingerprint);
        if (decoder == null) {
            return new Decoded.UnknownSchema(fingerprint);
        }
        try {
            return new Decoded.Event(decoder.decode(value));
        } catch (IOException | RuntimeException e) {
            // Avro throws many kinds of unchecked exception for bytes that are not what they claim. The
            // cause is dropped on purpose: its message quotes what was read.
            return new Decoded.Undecodable();
        }
    }

    /**
     * Whether {@code value} is the canonical encoding of its content by its writer schema: no byte after the body, no number encoded
     * longer than necessary, no list in parts. A decoder ignores all that, so data could be hidden there. False if it is not an
     * event of a released schema.
     */
    public boolean isExact(byte[] value) {
        Schema writer = isEvent(value) ? Catalogue.WRITERS.get(fingerprint(value)) : null;
        if (writer == null) {
            return false;
        }
        try {
            GenericData data = new GenericData();
            BinaryDecoder body =
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            Object content = new GenericDatumReader<>(writer, writer, data).read(null, body);
            ByteArrayOutputStream again = new ByteArrayOutputStream(value.length);
            again.write(value, 0, HEADER_BYTES);
            Encoder encoder = EncoderFactory.get().directBinaryEncoder(again, null);
            new GenericDatumWriter<>(writer, data).write(content, encoder);
            encoder.flush();
            return Arrays.equals(again.toByteArray(), value);
        } catch (IOException | RuntimeException e) {
            // As in decode(): the message may quote what was read.
            return false;
        }
    }

    /** CRC-64-AVRO fingerprint of the schema's parsing canonical form. */
    public static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    private static void setLimit(String property, int most) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, String.valueOf(most));
        }
    }

    /** How a record type is written, and what its strings may be. */
    private record RecordType(BinaryMessageEncoder<SpecificRecord> encoder, StringContent content) {}

    /** What all codecs share: parsing and fingerprinting every released schema takes longer than reading a short log. */
    private static final class Catalogue {
        static final Map<Class<?>, RecordType> TYPES;
        static final Map<Long, BinaryMessageDecoder<SpecificRecord>> DECODERS;
        static final Map<Long, Schema> WRITERS;

        static {
            Map<Class<?>, RecordType> types = new HashMap<>();
            Map<Long, BinaryMessageDecoder<SpecificRecord>> decoders = new HashMap<>();
            Map<String, BinaryMessageDecoder<SpecificRecord>> byName = new HashMap<>();
            Map<Long, Schema> writers = new HashMap<>();
            SchemaStore.Cache store = new SchemaStore.Cache();
            for (Topic topic : Topic.values()) {
                for (Class<? extends SpecificRecord> type : topic.recordTypes()) {
                    Schema schema = SpecificData.get().getSchema(type);
                    SpecificData data = SpecificData.getForClass(type);
                    BinaryMessageDecoder<SpecificRecord> decoder = new BinaryMessageDecoder<>(data, schema, store);
                    types.put(type, new RecordType(new BinaryMessageEncoder<>(data, schema), StringContent.of(schema)));
                    decoders.put(fingerprint(schema), decoder);
                    writers.put(fingerprint(schema), schema);
                    byName.put(schema.getFullName(), decoder);
                }
            }
            for (Schema released : ReleasedSchemas.all()) {
                BinaryMessageDecoder<SpecificRecord> decoder = byName.get(released.getFullName());
                if (decoder != null) {
                    store.addSchema(released);
                    decoders.putIfAbsent(fingerprint(released), decoder);
                    writers.putIfAbsent(fingerprint(released), released);
                }
            }
            TYPES = Map.copyOf(types);
            DECODERS = Map.copyOf(decoders);
            WRITERS = Map.copyOf(writers);
        }
    }

    /** Where the strings of a record type are, and of which kind each has to be. */
    private record StringContent(List<Field> fields) {
        record Field(int position, String name, Optional<ContentKind> kind, Optional<StringContent> nested) {}

        static StringContent of(Schema record) {
            List<Field> fields = new ArrayList<>();
            for (Schema.Field field : record.getFields()) {
                Schema type = valueType(field.schema());
                if (type.getType() == Schema.Type.STRING) {
                    ContentKind kind = ContentKind.named(String.valueOf(type.getProp("content")))
                            .orElseThrow(() -> new IllegalStateException(
                                    record.getName() + "." + field.name() + " has no known content kind"));
                    fields.add(new Field(field.pos(), field.name(), Optional.of(kind), Optional.empty()));
                } else if (type.getType() == Schema.Type.RECORD) {
                    fields.add(new Field(field.pos(), field.name(), Optional.empty(), Optional.of(of(type))));
                }
            }
            return new StringContent(List.copyOf(fields));
        }

        private static Schema valueType(Schema schema) {
            return switch (schema.getType()) {
                case ARRAY -> valueType(schema.getElementType());
                case UNION ->
                    valueType(schema.getTypes().stream()
                            .filter(type -> type.getType() != Schema.Type.NULL)
                            .findFirst()
                            .orElse(schema.getTypes().get(0)));
                default -> schema;
            };
        }

        Optional<String> violation(SpecificRecord record) {
            for (Field field : fields) {
                Object value = record.get(field.position());
                Iterable<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
                for (Object each : values) {
                    if (field.kind().isPresent() && !field.kind().get().matches(String.valueOf(each))) {
                        return Optional.of(record.getSchema().getName() + "." + field.name() + " is not a "
                                + field.kind().get().schemaName());
                    }
                    if (field.nested().isPresent()) {
                        Optional<String> violation = field.nested().get().violation((SpecificRecord) each);
                        if (violation.isPresent()) {
                            return violation;
                        }
                    }
                }
            }
            return Optional.empty();
        }
    }
}
