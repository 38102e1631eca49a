package org.brokerhandoff.router;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.operations.configuration.HandoffSettings;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.InvalidDirectory;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.explain.HandoffExplanation;
import org.brokerhandoff.router.explain.SampleSignup;
import org.brokerhandoff.schemas.EventCodec;

/** {@code ./handoff router --explain}: reads the directory and the sample, and prints. Needs no Kafka and no custody. */
final class ExplainCommand {
    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;

    ExplainCommand(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /** Prints the request that {@code brokerId} would get for {@code sampleFile}; gives the exit code. */
    int explain(String brokerId, String sampleFile, Instant now) {
        String brokersFile = environment.get(HandoffSettings.BROKERS_FILE.name());
        if (brokersFile == null || brokersFile.isBlank()) {
            return fail(2, HandoffSettings.BROKERS_FILE.name() + " must name the broker directory");
        }
        String sampleText;
        ParsedDirectory parsed;
        try {
            if (!Files.isReadable(Path.of(brokersFile))) {
                return fail(2, "cannot read " + brokersFile);
            }
            sampleText = Files.readString(Path.of(sampleFile));
            parsed = DirectoryFile.read(Path.of(brokersFile), new EventCodec());
        } catch (IOException | InvalidPathException e) {
            return fail(2, "cannot read " + sampleFile);
        }
        if (parsed instanceof ParsedDirectory.Invalid invalid) {
            return fail(1, String.valueOf(new InvalidDirectory(invalid.problems()).getMessage()));
        }
        Optional<Broker> broker = ((ParsedDirectory.Valid) parsed).directory().find(brokerId);
        if (broker.isEmpty()) {
            return fail(1, "the directory has no broker of that id");
        }
        Optional<SampleSignup> sample = SampleSignup.read(sampleText, now);
        if (sample.isEmpty()) {
            return fail(1, sampleFile + " holds neither a person with a country nor a signup with one");
        }
        HandoffExplanation.of(broker.get(), sample.get(), now).forEach(out::println);
        out.flush();
        return 0;
    }

    private int fail(int code, String reason) {
        err.println(reason);
        err.flush();
        return code;
    }
}
