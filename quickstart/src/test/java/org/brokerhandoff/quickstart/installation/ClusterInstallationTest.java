package org.brokerhandoff.quickstart.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.custody.service.CellsConfiguration;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.router.directory.DirectoryFile;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterInstallationTest {
    @TempDir
    static Path etc;

    @BeforeAll
    static void create() throws IOException {
        ClusterInstallation.create(etc);
    }

    private static String text(String file) throws IOException {
        return Files.readString(etc.resolve(file));
    }

    @Test
    void what_holds_a_secret_is_for_its_owner_alone_and_nothing_else_is_left() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(etc)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        List<Path> open =
                files.stream().filter(ClusterInstallationTest::othersMayRead).toList();

        assertThat(open)
                .extracting(file -> file.getFileName().toString())
                .containsOnly(
                        "ca.pem",
                        "ca.p12",
                        "brokers.yaml",
                        "operator.yaml",
                        "cells.yaml",
                        "ledger.policy",
                        "witness.arguments");
        assertThat(files).noneMatch(file -> file.endsWith("authority.p12"));
        assertThat(etc.resolve("whole")).doesNotExist();
    }

    private static boolean othersMayRead(Path file) {
        try {
            return !Files.getPosixFilePermissions(file).equals(PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kafka-3/server.pem, kafka-3",
        "postgres-1/server.pem, postgres-1",
        "cell-2/server.pem, cell-2",
        "balancer/balancer.pem, localhost",
        "ingest/ingest-tls.pem, ingest-2-tls",
        "ledger/ledger-tls.pem, ledger-tls",
        "witness/witness-tls.pem, witness-tls"
    })
    void a_host_has_a_certificate_for_its_name_from_the_authority_that_others_trust(String file, String name)
            throws Exception {
        X509Certificate authority = certificate(text("audit/ca.pem"));
        X509Certificate host = certificate(text(file));

        host.verify(authority.getPublicKey());
        host.checkValidity();
        assertThat(host.getSubjectAlternativeNames())
                .anySatisfy(alternative -> assertThat(alternative.get(1)).isEqualTo(name));
        assertThat(host.getBasicConstraints()).as("is no authority itself").isEqualTo(-1);
    }

    private static X509Certificate certificate(String pem) throws Exception {
        String certificate = pem.substring(pem.indexOf("-----BEGIN CERTIFICATE"));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "router"})
    void the_cells_file_is_understood_and_has_the_passwords_that_the_cells_know(String role) throws IOException {
        CellsConfiguration cells = CellsConfiguration.of(SettingsReader.of(
                        Map.of("HANDOFF_CUSTODY", "cells:" + etc.resolve(role).resolve("cells.yaml")),
                        Service.PREFLIGHT))
                .orElseThrow();

        assertThat(cells.cells()).hasSize(3);
        for (int cell = 0; cell < 3; cell++) {
            assertThat(text("cell-" + cell + "/users.acl"))
                    .contains("user default off\n")
                    .contains("user handoff on #"
                            + Digests.hex(Digests.sha256(cells.cells().get(cell).password())) + " ")
                    .contains("user examiner on #"
                            + Digests.hex(Digests.sha256(cells.cells().get(cell).examinerPassword())) + " ")
                    .contains("user agent on #"
                            + Digests.hex(Digests.sha256(
                                    text("cell-" + cell + "/agent.password").strip()))
                            + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "router", "register-service", "erasure-agent", "audit", "ledger"})
    void every_kafka_broker_knows_the_password_of_a_client(String client) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text(client + "/kafka.properties")));
        String login = properties.getProperty("sasl.jaas.config");
        var password = Pattern.compile("username=\"" + client + "\" password=\"([0-9a-f]{64})\";$")
                .matcher(login);

        assertThat(password.find()).isTrue();
        assertThat(properties).containsEntry("security.protocol", "SASL_SSL");
        for (String broker : List.of("kafka-1", "kafka-2", "kafka-3")) {
            assertThat(text(broker + "/sasl.properties")).contains("user_" + client + "=\"" + password.group(1) + "\"");
        }
    }

    @Test
    void both_database_servers_know_the_passwords_of_the_services() throws IOException {
        for (String server : List.of("postgres-1", "postgres-2")) {
            assertThat(text(server + "/custody.password"))
                    .isEqualTo(text("ingest/custody.password"))
                    .isEqualTo(text("router/custody.password"));
            assertThat(text(server + "/register.password"))
                    .isEqualTo(text("ingest/register.password"))
                    .isEqualTo(text("register-service/register.password"));
        }
        assertThat(etc.resolve("register-service/custody.password")).doesNotExist();
        assertThat(etc.resolve("ingest/replication.password")).doesNotExist();
        assertThat(etc.resolve("ingest/idempotency.key")).exists();
        assertThat(etc.resolve("router/idempotency.key")).doesNotExist();
    }

    @Test
    void the_directory_of_router_and_register_service_is_valid_where_its_secret_is() {
        for (String role : List.of("router", "register-service")) {
            assertThat(DirectoryFile.read(etc.resolve(role).resolve("brokers.yaml"), new EventCodec()))
                    .isInstanceOf(ParsedDirectory.Valid.class);
        }
    }

    @Test
    void the_ledger_asks_the_witness_that_knows_its_key() throws Exception {
        SigningKey log = SigningKey.parse(ClusterLedger.ORIGIN, text("ledger/ledger.key"));
        String arguments = text("witness/witness.arguments");
        Matcher name = Pattern.compile("--name (\\S+)").matcher(arguments);
        assertThat(name.find()).isTrue();
        SigningKey witness = SigningKey.parse(name.group(1), text("witness/witness.key"));
        Policy policy = Policy.parse(text("ledger/ledger.policy"));

        assertThat(policy.logs()).containsExactly(log.verifierKey(KeyType.ED25519));
        assertThat(policy.witnesses()).containsValue(witness.verifierKey(KeyType.COSIGNATURE_ED25519));
        assertThat(arguments).contains("--log " + log.verifierKey(KeyType.ED25519) + "\n");
        assertThat(text("audit/ledger.policy")).isEqualTo(text("ledger/ledger.policy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "ledger"})
    void who_asks_by_the_jdk_trusts_the_authority_alone(String role) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(etc.resolve(role).resolve("ca.p12"))) {
            store.load(in, "changeit".toCharArray());
        }

        assertThat(store.size()).isOne();
        assertThat(store.getCertificate("authority")).isEqualTo(certificate(text("audit/ca.pem")));
    }
}
