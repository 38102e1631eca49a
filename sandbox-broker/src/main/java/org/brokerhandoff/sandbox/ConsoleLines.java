package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/** The command's output: one line each, as columns for people or as JSON objects for scripts. Never personal data. */
final class ConsoleLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final boolean json;

    ConsoleLines(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void info(String line) {
        print(json ? "{\"info\":" + TextNode.valueOf(line) + "}" : line);
    }

    void exchange(Exchange exchange) {
        String signupId = exchange.signupId().map(UUID::toString).orElse(null);
        if (json) {
            print(JSON.createObjectNode()
                    .put("at", exchange.at().toString())
                    .put("kind", exchange.kind())
                    .put("signupId", signupId)
                    .put("answer", exchange.answer())
                    .put("signature", exchange.signature()));
        } else {
            print(String.format(
                    Locale.ROOT,
                    "%-24s  %-8s  %-36s  %-22s  %s",
                    exchange.at().truncatedTo(ChronoUnit.MILLIS),
                    exchange.kind(),
                    signupId == null ? "-" : signupId,
                    exchange.answer(),
                    exchange.signature()));
        }
    }

    void check(ContractCheck.Check check) {
        String outcome = check.outcome().name().toLowerCase(Locale.ROOT);
        if (json) {
            print(JSON.createObjectNode()
                    .put("check", check.what())
                    .put("outcome", outcome)
                    .put("detail", check.detail()));
        } else {
            print(String.format(Locale.ROOT, "%-7s  %s: %s", outcome, check.what(), check.detail()));
        }
    }

    void totals(Books books) {
        print(books.totals());
    }

    private void print(Object line) {
        out.println(line);
        out.flush();
    }
}
