package org.brokerhandoff.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.brokerhandoff.bench.replies.RepliesOutcome;
import org.brokerhandoff.bench.replies.RepliesTrial;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench replies}: the router's HTTP client against peers with malformed and wrong replies. */
@Command(
        name = "replies",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends handoffs, pings, questions and notices with the router's HTTP client to peers that answer at random:",
            "interim, twice, late, in pieces, damaged, endlessly or not at all, over HTTP/1.1, TLS and HTTP/2. Checks",
            "that no reply was taken for another request's, and that none exceeded its time limit."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:a check failed", "2:could not run"})
final class RepliesCommand implements Callable<Integer> {
    @Option(
            names = "--requests",
            defaultValue = "100000",
            description = "number of requests (default: ${DEFAULT-VALUE})")
    private int requests;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "random seed of requests and, together with timing, of answers (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--at-once", defaultValue = "128", description = "concurrent requests (default: ${DEFAULT-VALUE})")
    private int atOnce;

    @Option(
            names = "--limit",
            defaultValue = "PT1S",
            description = "longest time for one exchange (default: ${DEFAULT-VALUE})")
    private Duration limit = Duration.ofSeconds(1);

    @Option(names = "--json", description = "for machines")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RepliesOutcome outcome = new RepliesTrial(requests, atOnce, limit, seed).run();
        spec.commandLine()
                .getOut()
                .println(json ? new ObjectMapper().writeValueAsString(outcome.values()) : outcome.text());
        outcome.foreign().stream().limit(10).forEach(spec.commandLine().getErr()::println);
        return outcome.held() ? 0 : 1;
    }
}
