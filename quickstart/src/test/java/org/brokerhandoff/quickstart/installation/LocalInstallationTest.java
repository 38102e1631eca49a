package org.brokerhandoff.quickstart.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokerhandoff.ingest.IngestSettings;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.operator.OperatorFile;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.router.RouterSettings;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalInstallationTest {
    @TempDir
    Path directory;

    private LocalInstallation create() throws IOException {
        return LocalInstallation.create(
                directory,
                "localhost:9092",
                List.of(new ReceivingBroker(
                        "fjord-markets",
                        "Fjord Markets AS",
                        List.of("NO", "*"),
                        URI.create("http://127.0.0.1:1/handoffs"),
                        WebhookSecret.random().text(),
                        1,
                        2)),
                Duration.ofHours(1),
                Map.of("HANDOFF_HTTP_PORT", "0"));
    }

    @Test
    void both_services_can_be_configured_from_it() throws IOException {
        LocalInstallation installation = create();
        RouterSettings router = RouterSettings.read(SettingsReader.of(installation.environment(), Service.ROUTER));
        assertThat(SettingsReader.of(installation.environment(), Service.INGEST))
                .isNotNull();
        assertThat(DirectoryFile.read(router.directory().brokers(), new EventCodec()))
                .isInstanceOfSatisfying(ParsedDirectory.Valid.class, valid -> {
                    assertThat(valid.directory().find("fjord-markets")).isPresent();
                });
    }

    @Test
    void its_receipts_name_an_operator_and_are_signed() throws IOException {
        IngestSettings.Receipts receipts = IngestSettings.from(
                        SettingsReader.of(create().environment(), Service.INGEST))
                .receipts();
        Operator operator = OperatorFile.read(receipts.operatorFile().orElseThrow());
        assertThat(operator.name()).isEqualTo("Nordvei AS");
        // What the sample people have beside the usual members.
        assertThat(operator.website().extraMembers()).contains(Set.of("city"));
        assertThat(ReceiptKeys.read(receipts.keyFiles()).keySet()).contains("\"crv\":\"Ed25519\"");
    }

    @Test
    void only_digests_of_api_keys_are_written_and_nobody_else_may_read_the_secrets() throws IOException {
        LocalInstallation installation = create();
        String keys = Files.readString(directory.resolve("api-keys.yaml"));
        assertThat(keys)
                .doesNotContain(installation.websiteKey())
                .contains(Digests.hex(Digests.sha256(installation.websiteKey())))
                .contains(Digests.hex(Digests.sha256(installation.adminKey())));
        for (String file : List.of("api-keys.yaml", "secrets/fjord-markets.current", "secrets/receipts.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(installation).asString().doesNotContain(installation.websiteKey());
    }
}
