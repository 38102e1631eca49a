package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.quickstart.installation.ClusterInstallation;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./handoff compose-setup}: fresh keys, secrets and a broker directory for {@code docker-compose.yml}; with {@code --cluster}
 * certificates and passwords, too, for {@code docker-compose.cluster.yml}.
 */
@Command(
        name = "handoff compose-setup",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Writes fresh API keys, signing secrets and a broker directory for docker-compose.yml; with --cluster, for",
            "docker-compose.cluster.yml, an authority's certificates and all passwords as well."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "2:could not be written, or already exists"})
public final class ComposeSetupMain implements Callable<Integer> {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where to write (default: var/compose; with --cluster var/compose-cluster)")
    private @Nullable Path directory;

    @Option(names = "--cluster", description = "for several hosts: docker-compose.cluster.yml")
    private boolean cluster;

    private ComposeSetupMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new ComposeSetupMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Path to = directory != null ? directory : Path.of(cluster ? "var/compose-cluster" : "var/compose");
        if (Files.exists(to)) {
            System.err.println(to + " already exists; remove it to get fresh keys");
            return 2;
        }
        Files.createDirectories(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path etc = Files.createDirectory(to.resolve("etc"));
        if (cluster) {
            ClusterInstallation installation = ClusterInstallation.create(etc);
            Files.writeString(to.resolve("ca.pem"), installation.authority());
            keys(to, installation.websiteKey(), installation.adminKey());
            System.out.println(
                    "written to " + to + ": etc/ for the containers; website.key, admin.key and ca.pem for you");
        } else {
            LocalInstallation installation = LocalInstallation.create(
                    etc, "kafka:9092", List.of(ReceivingBroker.inContainers()), Duration.ofHours(24), Map.of());
            keys(to, installation.websiteKey(), installation.adminKey());
            System.out.println("written to " + to + ": etc/ for the containers, website.key and admin.key for you");
        }
        return 0;
    }

    private static void keys(Path directory, String website, String admin) throws IOException {
        SecretFile.create(directory.resolve("website.key"), website);
        SecretFile.create(directory.resolve("admin.key"), admin);
    }
}
