package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.evidence.NewestCheckpoint;
import org.brokerhandoff.audit.report.Figures;
import org.brokerhandoff.audit.report.ReportDocument;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code audit report}: verifies the log and writes the result as a page. */
@Command(
        name = "report",
        description = {
            "Verifies the log as verify does, and writes the verdict, the promises of the privacy policy and the figures behind them",
            "as one self-contained HTML page. Exit code 1 if a rule does not hold; the page is written anyway."
        })
final class ReportCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli's
    private AuditMain audit;

    @Parameters(paramLabel = "FILE", description = "The page, such as report.html; replaced if it exists.")
    private Path file = Path.of("report.html");

    @Option(
            names = "--language",
            defaultValue = "en",
            paramLabel = "TAG",
            description = "Language: en or nb (default: ${DEFAULT-VALUE}).")
    private String language = "en";

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli's
    private VerifyOptions options;

    @Override
    public Integer call() {
        Optional<Wording> words = Wording.in(language);
        if (words.isEmpty()) {
            audit.err().println("--language must be one of " + Wording.languages() + "; found " + language);
            return AuditMain.COULD_NOT_RUN;
        }
        KafkaClients clients = audit.clients();
        Instant now = audit.now();
        Figures figures = new Figures(now);
        AuditVerifier.Task task = options.task(now);
        Verdict verdict = audit.verify(clients, new EventCodec(), task, figures);
        String page = new ReportDocument(
                        verdict, figures, NewestCheckpoint.of(clients, new EventCodec(), task.policy()), words.get())
                .html();
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
        audit.out()
                .println(file + ": "
                        + (verdict.holds()
                                ? "every rule holds"
                                : verdict.brokenRules().size() + " rules do not hold"));
        return verdict.holds() ? 0 : AuditMain.FAILED;
    }
}
