package org.brokerhandoff.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.audit.canary.Canary;
import org.brokerhandoff.audit.canary.CannotCheck;
import org.brokerhandoff.audit.witness.SigningKeyFile;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code audit canary}: the retention canary. */
@Command(
        name = "canary",
        description = {
            "Sends an invented person through the running system to a canary broker, waits for the purge, and searches for traces",
            "of them in the bytes of all topics and in the given folders. The signed result goes into topic purges (docs/audit.md).",
            "Exit codes: 0 clean; 1 found, or not purged in time; 2 could not run, or inconclusive."
        })
final class CanaryCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AuditMain audit;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--ingest",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where ingest is (default: ${DEFAULT-VALUE}).")
    private URI ingest = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            required = true,
            description =
                    "File, readable by its owner only, whose first line is an API key of scopes website and canary.")
    private Path apiKeyFile = Path.of("");

    @Option(
            names = "--signing-key-file",
            paramLabel = "FILE",
            required = true,
            description = "The operator's key for signing results, made by ./handoff receipt-key.")
    private Path signingKeyFile = Path.of("");

    @Option(
            names = "--search",
            paramLabel = "FOLDER",
            description =
                    "A folder to search in addition to the topics, such as Kafka's data or logs; may be repeated.")
    @Nullable
    private List<Path> folders;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            defaultValue = "PT5M",
            description = "How long to wait for the purge (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofMinutes(5);

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            description = "Repeat after this interval, until a result is not clean, or Ctrl-C or SIGTERM.")
    @Nullable
    private Duration every;

    @Option(names = "--json", description = "Print one JSON object per line for each canary.")
    private boolean json;

    private volatile boolean stopped;

    @Override
    public Integer call() throws InterruptedException {
        if (patience.isNegative() || (every != null && (every.isNegative() || every.isZero()))) {
            throw new CommandLine.ParameterException(spec.commandLine(), "durations are positive, such as PT1H");
        }
        try {
            Canary canary = new Canary(audit.clients(), new EventCodec(), audit.clock(), settings());
            return every == null ? exitCode(checked(canary)) : repeated(canary, every);
        } catch (CannotCheck e) {
            shown("");
            audit.err().println("could not run: " + e.getMessage());
            return AuditMain.COULD_NOT_RUN;
        }
    }

    private int repeated(Canary canary, Duration pause) {
        Thread worker = Thread.currentThread();
        int[] code = {0};
        EndOnSignal.during(
                () -> code[0] = untilNotClean(canary, pause),
                () -> {
                    stopped = true;
                    worker.interrupt();
                },
                audit.out());
        return code[0];
    }

    private int untilNotClean(Canary canary, Duration pause) {
        try {
            CanaryVerdict last = checked(canary);
            while (last == CanaryVerdict.CLEAN) {
                shown("the next one is sent at " + audit.now().plus(pause));
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                last = checked(canary);
            }
            return exitCode(last);
        } catch (InterruptedException e) {
            // Interrupted. What was sent is purged like any signup; no result is published.
            return 0;
        } catch (RuntimeException e) {
            if (stopped) {
                return 0;
            }
            throw e;
        } finally {
            shown("");
        }
    }

    private static int exitCode(CanaryVerdict verdict) {
        return switch (verdict) {
            case CLEAN -> 0;
            case FOUND, NOT_PURGED -> AuditMain.FAILED;
            case CANNOT_TELL -> AuditMain.COULD_NOT_RUN;
        };
    }

    private Canary.Settings settings() {
        return new Canary.Settings(
                ingest,
                ApiKeyFile.read(apiKeyFile),
                SigningKeyFile.read(signingKeyFile, "canary"),
                folders == null ? List.of() : folders,
                patience);
    }

    private CanaryVerdict checked(Canary canary) throws InterruptedException {
        Canary.Outcome outcome = canary.check(this::shown);
        shown("");
        audit.out().println(json ? json(outcome) : line(outcome.event()));
        if (!json) {
            outcome.found().forEach(place -> audit.out().println("  FOUND in " + place));
        }
        audit.out().flush();
        return outcome.event().getVerdict();
    }

    /** On a terminal, replaces the previous output. */
    private void shown(String progress) {
        if (audit.terminal()) {
            audit.err().print("\r" + progress + "\u001b[K");
            audit.err().flush();
        }
    }

    private static String json(Canary.Outcome outcome) {
        CanaryChecked event = outcome.event();
        ObjectNode object = new ObjectMapper().createObjectNode();
        object.put("signupId", SignupIds.uuid(event.getSignupId()).toString())
                .put("verdict", event.getVerdict().name())
                .put("sentAt", event.getSentAt().toString())
                .put("checkedAt", event.getCheckedAt().toString())
                .put("texts", event.getTexts())
                .put("planted", event.getPlanted())
                .put("records", event.getRecords())
                .put("recordBytes", event.getRecordBytes())
                .put("files", event.getFiles())
                .put("fileBytes", event.getFileBytes())
                .put("findings", event.getFindings())
                .put("unreadable", event.getUnreadable())
                .put(
                        "searchedSha256",
                        HexFormat.of().formatHex(event.getSearched().bytes()))
                .put("key", Base64.getEncoder().encodeToString(event.getKey().bytes()));
        outcome.places().forEach(object.putArray("searched")::add);
        outcome.found().forEach(object.putArray("found")::add);
        return object.toString();
    }

    private static String line(CanaryChecked event) {
        String verdict = switch (event.getVerdict()) {
            case CLEAN -> "purged, and found nowhere";
            case FOUND -> "found in " + counted(event.getFindings(), "place");
            case NOT_PURGED -> "not purged in time, and found nowhere";
            case CANNOT_TELL ->
                "purged and not found, but "
                        + (event.getUnreadable() == 0 ? "not delivered before" : "not all could be read");
        };
        return event.getVerdict() + "  signup " + SignupIds.uuid(event.getSignupId()) + ": " + verdict + "; "
                + event.getTexts() + " texts in all their forms, in " + counted(event.getRecords(), "record") + " and "
                + counted(event.getFiles(), "file")
                + (event.getUnreadable() == 0 ? "" : "; " + event.getUnreadable() + " could not be read");
    }

    private static String counted(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
