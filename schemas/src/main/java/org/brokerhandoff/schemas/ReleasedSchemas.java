package org.brokerhandoff.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;

/**
 * Every schema version of events in a log: the files of {@code released/}, one per version, each named by
 * the record's name and the fingerprint of its content. Files are only ever added; a test refuses a file whose name does not
 * match its content and a new version that cannot read, or be read by, an older one.
 */
public final class ReleasedSchemas {
    private static final String INDEX = "released/index.txt";

    private ReleasedSchemas() {}

    /** All released versions of all records, oldest first; not to be changed by the caller. */
    public static List<Schema> all() {
        return Parsed.ALL;
    }

    /** Names of the released files, oldest first. */
    static List<String> fileNames() {
        return read(INDEX).lines().filter(line -> !line.isBlank()).toList();
    }

    /** The file name that a version of a record has to have. */
    static String fileName(Schema schema) {
        return String.format(Locale.ROOT, "%s.%016x.avsc", schema.getName(), EventCodec.fingerprint(schema));
    }

    /**
     * The name of a version of a record, as the header {@link CloudEventHeaders#DATASCHEMA} has it: that of the released file without its
     * ending, behind {@code urn:broker-handoff:schema:}. It names no host, since a log outlives any.
     *
     * @param name the record's name without a namespace
     */
    public static String urn(String name, long fingerprint) {
        return String.format(Locale.ROOT, "urn:broker-handoff:schema:%s.%016x", name, fingerprint);
    }

    private static String read(String resource) {
        try (InputStream stream = ReleasedSchemas.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parsed when first asked for, once. */
    private static final class Parsed {
        static final List<Schema> ALL = fileNames().stream()
                .map(name -> new Schema.Parser().parse(read("released/" + name)))
                .toList();
    }
}
