package org.brokerhandoff.router;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.router.directory.NewBrokerSecret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./handoff broker-secret}: makes a signing key for one broker. */
@Command(
        name = "handoff broker-secret",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:made", "2:could not be written, or the arguments are wrong"},
        description = {
            "Makes a key that signs handoffs to a broker (Standard Webhooks).",
            "v1: a secret shared with the broker. v1a: a key pair, of which the broker gets only the public key."
        })
public final class BrokerSecretMain implements Callable<Integer> {
    /** The signature schemes of Standard Webhooks. */
    enum Scheme {
        V1,
        V1A
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SCHEME", description = "v1 (HMAC-SHA256) or v1a (Ed25519)")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Scheme scheme;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "write the secret to this new file, readable by its owner only; without it, it is printed")
    private Optional<Path> file = Optional.empty();

    BrokerSecretMain() {}

    /** Entry point. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BrokerSecretMain()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        SecureRandom random = new SecureRandom();
        NewBrokerSecret secret =
                scheme == Scheme.V1 ? NewBrokerSecret.symmetric(random) : NewBrokerSecret.asymmetric(random);
        PrintWriter out = spec.commandLine().getOut();
        if (file.isPresent()) {
            try {
                write(file.get(), secret.secret());
            } catch (FileAlreadyExistsException e) {
                spec.commandLine()
                        .getErr()
                        .println(file.get() + " already exists; a secret in use is never overwritten");
                return 2;
            } catch (IOException e) {
                spec.commandLine().getErr().println("cannot write " + file.get());
                return 2;
            }
            out.println("# The secret is in " + file.get()
                    + ". Name it first in the broker's secretFiles in brokers.yaml.");
        } else {
            out.println("# The secret: the content of a file that the broker's secretFiles in brokers.yaml names.");
            out.println(secret.secret());
        }
        out.println(
                scheme == Scheme.V1
                        ? "# Give the broker the same secret, over a channel that others cannot read."
                        : "# Give the broker this public key. It need not be kept secret, but the broker must be sure that it is yours.");
        // Not shown where it was asked to go to a file: a terminal keeps what it showed.
        if (scheme == Scheme.V1A) {
            out.println(secret.forBroker());
        }
        out.flush();
        return 0;
    }

    private static void write(Path target, String secret) throws IOException {
        // The mode is there before the first byte is.
        try (var channel = Files.newByteChannel(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }
}
