package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.brokerhandoff.audit.listing.ListedRecord;
import org.brokerhandoff.audit.listing.RecordLine;
import org.brokerhandoff.audit.listing.Selection;
import org.brokerhandoff.audit.log.RecordReading;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit tail}: follows the records of the kept topics. */
@Command(
        name = "tail",
        description = {
            "Shows the events of the kept topics as they are appended, one per line, until Ctrl-C.",
            "Unreadable records are shown by position and reason, never by their bytes."
        })
final class TailCommand implements Callable<Integer> {
    @Mixin
    RecordOptions options = new RecordOptions();

    @Option(names = "--from-beginning", description = "Show the existing events first.")
    boolean fromBeginning;

    @Option(
            names = "--no-follow",
            description = "Exit after the existing events, partition by partition; with --since or --from-beginning.")
    boolean noFollow;

    @Option(names = "--json", description = "One JSON object per line (docs/audit.md).")
    boolean json;

    private final Supplier<KafkaClients> clients;
    private final PrintWriter out;
    private final boolean coloured;
    private final InstantSource clock;

    TailCommand(Supplier<KafkaClients> clients, PrintWriter out, boolean coloured, InstantSource clock) {
        this.clients = clients;
        this.out = out;
        this.coloured = coloured;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Optional<Instant> since = options.since(clock.instant());
        if (fromBeginning && since.isPresent()) {
            throw options.misused("--from-beginning and --since exclude each other");
        }
        Optional<Instant> start = fromBeginning ? Optional.of(Instant.EPOCH) : since;
        if (noFollow && start.isEmpty()) {
            throw options.misused("--no-follow shows existing events: it needs --since or --from-beginning");
        }
        Selection selection = options.selection(since, Optional.empty());
        try (RecordReading reading = new RecordReading(clients.get(), new EventCodec(), options.topics())) {
            if (noFollow) {
                reading.readAll(start.orElseThrow(), records -> print(records, selection, reading));
            } else {
                EndOnSignal.during(
                        () -> reading.follow(start, records -> print(records, selection, reading)), reading::stop, out);
            }
        }
        return 0;
    }

    private void print(List<KeptRecord> records, Selection selection, RecordReading reading) {
        records.stream()
                .map(ListedRecord::of)
                .filter(selection::takes)
                .map(record -> json ? record.json().toString() : RecordLine.of(record, coloured))
                .forEach(out::println);
        // The reader of the output, such as head, may have closed it.
        if (out.checkError()) {
            reading.stop();
        }
    }
}
