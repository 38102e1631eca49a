package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.sandbox.WebhookSecret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff compose-setup}: fresh keys, secrets and a broker directory for {@code docker-compose.yml}. */
@Command(
        name = "handoff compose-setup",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = "Writes fresh API keys, signing secrets and a broker directory for docker-compose.yml.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "2:could not be written, or already exists"})
public final class ComposeSetupMain implements Callable<Integer> {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where to write (default: ${DEFAULT-VALUE})",
            defaultValue = "var/compose")
    private Path directory = Path.of("var/compose");

    private ComposeSetupMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new ComposeSetupMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(directory)) {
            System.err.println(directory + " already exists; remove it to get fresh keys");
            return 2;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path etc = Files.createDirectory(directory.resolve("etc"));
        LocalInstallation installation = LocalInstallation.create(
                etc,
                "kafka:9092",
                List.of(new ReceivingBroker(
                        "fjord-markets",
                        "Fjord Markets AS",
                        List.of("NO", "SE", "DK"),
                        URI.create("http://fjord-markets:8090/handoffs"),
                        WebhookSecret.random().text(),
                        1,
                        1)),
                Duration.ofHours(24),
                Map.of());
        Files.writeString(directory.resolve("website.key"), installation.websiteKey());
        Files.writeString(directory.resolve("admin.key"), installation.adminKey());
        for (String key : List.of("website.key", "admin.key")) {
            Files.setPosixFilePermissions(directory.resolve(key), PosixFilePermissions.fromString("rw-------"));
        }
        System.out.println("written to " + directory + ": etc/ for the containers, website.key and admin.key for you");
        return 0;
    }
}
