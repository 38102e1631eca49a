package org.brokerhandoff.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.audit.live.LivePage;
import org.brokerhandoff.operations.http.CannotListen;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code audit serve}: the live page for officers. */
@Command(
        name = "serve",
        description = {
            "Follows the log and serves a live page: signups held, open obligations with their deadlines, state of the recipients, and the proven",
            "life of a signup. Read-only; reachable from this host only, unless --key-file controls access."
        })
final class ServeCommand implements Callable<Integer> {
    private static final int SHORTEST_KEY = 16;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AuditMain audit;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on (default: ${DEFAULT-VALUE}); one that other hosts reach needs --key-file.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8086",
            description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "File, readable by its owner only, whose first line every request must present: as a bearer token, or as the password in a browser.")
    @Nullable
    private Path keyFile;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Public key of the ledger, for checking proofs; may be repeated.")
    @Nullable
    private List<String> keys;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Ledgers, witnesses and quorum to trust (C2SP tlog-policy), instead of --key.")
    @Nullable
    private Path policy;

    @Override
    public Integer call() throws InterruptedException {
        Optional<String> key = Optional.ofNullable(keyFile).map(ApiKeyFile::read);
        if (key.isEmpty() && !LivePage.isLoopback(host)) {
            audit.err().println("could not run: " + host + " is reachable from other hosts, so --key-file is required");
            return AuditMain.COULD_NOT_RUN;
        }
        if (key.filter(text -> text.length() < SHORTEST_KEY).isPresent()) {
            audit.err()
                    .println("could not run: the key in " + keyFile + " is shorter than " + SHORTEST_KEY
                            + " characters");
            return AuditMain.COULD_NOT_RUN;
        }
        boolean trusts = keys != null || policy != null;
        try {
            LivePage page = LivePage.start(
                    audit.clients(),
                    key,
                    trusts
                            ? Optional.of(EvidenceCommand.policy(
                                    keys == null ? List.of() : keys, Optional.ofNullable(policy)))
                            : Optional.empty(),
                    host,
                    port);
            audit.out().println("listening on " + page.address());
            audit.out().flush();
            page.closeWhenTold();
            return 0;
        } catch (RuntimeException e) {
            if (CannotListen.message(e).startsWith("cannot listen")) {
                audit.err().println("could not run: " + CannotListen.message(e));
                return AuditMain.COULD_NOT_RUN;
            }
            throw e;
        }
    }
}
