package org.brokerhandoff.audit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.brokerhandoff.audit.listing.CsvTable;
import org.brokerhandoff.audit.listing.ListedRecord;
import org.brokerhandoff.audit.listing.Selection;
import org.brokerhandoff.audit.log.RecordReading;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit export}: the records of the kept topics as JSON Lines or CSV. */
@Command(
        name = "export",
        description = {
            "Exports the events of the kept topics as JSON Lines or CSV: topic by topic, by partition and offset, up to the present",
            "ends. Unreadable records are listed with the reason, never with their bytes."
        })
final class ExportCommand implements Callable<Integer> {
    private static final int BETWEEN_REPORTS = 10_000;

    /** The output format. */
    enum Format {
        JSONL,
        CSV
    }

    @Mixin
    RecordOptions options = new RecordOptions();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only what was appended before then; same forms as --since.")
    @Nullable
    String until;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description =
                    "jsonl or csv (default: ${DEFAULT-VALUE}). In CSV, with --type, each field of these types has a column.")
    Format format = Format.JSONL;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Output file, instead of standard output; appears when it is complete.")
    @Nullable
    Path file;

    private final Supplier<KafkaClients> clients;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final InstantSource clock;
    private long read;
    private long written;
    private long unreadable;

    ExportCommand(
            Supplier<KafkaClients> clients, PrintWriter out, PrintWriter err, boolean terminal, InstantSource clock) {
        this.clients = clients;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Instant now = clock.instant();
        Optional<Instant> since = options.since(now);
        Selection selection =
                options.selection(since, Optional.ofNullable(until).map(text -> options.moment("--until", text, now)));
        Instant start = since.orElse(Instant.EPOCH);
        try (RecordReading reading = new RecordReading(clients.get(), new EventCodec(), options.topics())) {
            if (file == null) {
                write(reading, start, selection, out);
            } else {
                writeFile(reading, start, selection, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException((file == null ? "the export" : file) + " cannot be written", e);
        }
        if (terminal) {
            err.print("\r\u001b[K");
        }
        err.println(written + " of " + read + " records exported"
                + (unreadable == 0 ? "" : ", " + unreadable + " of them unreadable"));
        return 0;
    }

    /** An existing file is kept if the export fails. */
    private void writeFile(RecordReading reading, Instant start, Selection selection, Path target) throws IOException {
        Path folder = Optional.ofNullable(target.toAbsolutePath().getParent()).orElse(Path.of("."));
        Path incomplete = Files.createTempFile(folder, target.getFileName() + ".", ".part");
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(incomplete)) {
                write(reading, start, selection, writer);
            }
            Files.move(incomplete, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(incomplete);
        }
    }

    private void write(RecordReading reading, Instant start, Selection selection, Writer to) throws IOException {
        CsvTable table = new CsvTable(fields());
        if (format == Format.CSV) {
            to.write(table.header());
        }
        reading.readAll(start, records -> {
            try {
                write(records, selection, table, to);
            } catch (IOException e) {
                throw new UncheckedIOException("the export cannot be written", e);
            }
            if (to instanceof PrintWriter stream && stream.checkError()) {
                reading.stop();
            }
        });
        to.flush();
    }

    private void write(List<KeptRecord> records, Selection selection, CsvTable table, Writer to) throws IOException {
        for (KeptRecord record : records) {
            if (terminal && read % BETWEEN_REPORTS == 0) {
                err.print("\rreading " + record.topic().baseName() + ", partition " + record.partition() + ", " + read
                        + " records so far\u001b[K");
                err.flush();
            }
            read++;
            ListedRecord listed = ListedRecord.of(record);
            if (selection.takes(listed)) {
                written++;
                unreadable += listed.content() instanceof ListedRecord.Unreadable ? 1 : 0;
                to.write(format == Format.CSV ? table.row(listed) : listed.json() + "\n");
            }
        }
    }

    /** The fields of the selected types, each once, in the order of their schemas. */
    private List<String> fields() {
        return options.topics().stream()
                .map(Topic::recordTypes)
                .flatMap(List::stream)
                .filter(type -> options.types().contains(type.getSimpleName()))
                .flatMap(type -> SpecificData.get().getSchema(type).getFields().stream())
                .map(Schema.Field::name)
                .distinct()
                .toList();
    }
}
