package org.brokerhandoff.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a new receipt key into a file readable only by its owner. Exit code 0: written; 2: could not. */
@Command(
        name = "handoff receipt-key",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:made", "2:could not be written, or the arguments are wrong"},
        description =
                "Makes an Ed25519 key that signs consent receipts, for HANDOFF_RECEIPT_KEY_FILES, and prints its public half.")
public final class ReceiptKeyMain implements Callable<Integer> {
    private static final int COULD_NOT_RUN = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "new file for the private key (PKCS#8, PEM); never overwritten")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    private ReceiptKeyMain() {}

    /** Entry point. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new ReceiptKeyMain()).execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            write(file);
        } catch (FileAlreadyExistsException e) {
            return failed(file + " already exists");
        } catch (IOException e) {
            return failed(file + " cannot be written: " + e.getClass().getSimpleName());
        }
        out.println(ReceiptKeys.read(List.of(file)).keySet());
        out.flush();
        return 0;
    }

    static void write(Path file) throws IOException {
        SecretFile.create(file, SigningKey.newPem());
    }

    private int failed(String message) {
        spec.commandLine().getErr().println(message);
        return COULD_NOT_RUN;
    }
}
