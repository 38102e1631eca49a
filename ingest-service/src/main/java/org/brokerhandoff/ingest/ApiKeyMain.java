package org.brokerhandoff.ingest;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.ingest.authentication.NewApiKey;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.schemas.ContentKind;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a new API key, once, and its line for the key file. */
@Command(
        name = "handoff api-key",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:made", "2:the arguments are wrong"},
        description =
                "Makes an API key. The key itself is printed once and never stored; only its digest goes into the key file.")
public final class ApiKeyMain implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "1..4",
            paramLabel = "SCOPE",
            description = "website, admin, metrics or canary, or several of them")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> scopes;

    @Option(names = "--id", paramLabel = "ID", description = "name of the client; default: the scope and a number")
    private String id = "";

    @Option(
            names = "--owner",
            paramLabel = "OWNER",
            description =
                    "whose signups it may see and withdraw: for a key that replaces or complements another one, that key's"
                            + " owner, or its id if it has none; default: the id")
    private Optional<String> owner = Optional.empty();

    private ApiKeyMain() {}

    /** Entry point. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new ApiKeyMain()).execute(arguments));
    }

    @Override
    public Integer call() {
        List<Scope> wanted = scopes.stream().distinct().map(this::scope).toList();
        SecureRandom random = new SecureRandom();
        for (String text : owner.map(given -> List.of(id, given)).orElse(List.of(id))) {
            if (!text.isEmpty() && !ContentKind.KEY_OWNER.matches(text)) {
                throw new ParameterException(
                        spec.commandLine(), "id and owner must be 1 to 64 of a-z, digits and hyphen");
            }
        }
        String name = id.isEmpty() ? wanted.get(0).wireName() + "-" + (1000 + random.nextInt(9000)) : id;
        NewApiKey key = NewApiKey.make(name, owner, wanted, random);
        PrintWriter out = spec.commandLine().getOut();
        out.println("# The key, shown only now; the website sends it as \"Authorization: Bearer <key>\".");
        out.println(key.secret());
        out.println("# Its line in api-keys.yaml, under \"keys:\".");
        out.println(key.line());
        out.flush();
        return 0;
    }

    private Scope scope(String name) {
        return Scope.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no such scope; the scopes are website, admin, metrics and canary"));
    }
}
