package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.brokerhandoff.custody.cells.share.KeyShares;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cell that speaks nothing but TLS. */
class CellTlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private record Pair(Path certificate, Path key) {}

    /** A key and a certificate that it has signed itself, for a name or an address. */
    private Pair certificate(String name, String subject)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "cell",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=cell",
                        "-ext",
                        "SAN=" + subject,
                        "-ext",
                        "bc:c",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(tool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new Pair(
                pem(name + ".crt", "CERTIFICATE", keys.getCertificate("cell").getEncoded()),
                pem(
                        name + ".key",
                        "PRIVATE KEY",
                        keys.getKey("cell", PASSWORD.toCharArray()).getEncoded()));
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                        + "-----\n");
    }

    private static CellProcess started(Path own, Pair certificate) {
        CellProcess.assumeInstalled();
        return CellProcess.start(
                own,
                true,
                "port 0",
                "tls-port {port}",
                "tls-auth-clients no",
                "tls-cert-file " + certificate.certificate(),
                "tls-key-file " + certificate.key(),
                "tls-ca-cert-file " + certificate.certificate());
    }

    private static final class Told implements CellListener {
        private volatile Optional<List<CellFinding>> findings = Optional.empty();

        @Override
        public void examined(int cell, boolean startedAgain, CellFacts facts, List<CellFinding> found) {
            findings = Optional.of(found);
        }

        @Override
        public void lost(int cell) {
            findings = Optional.empty();
        }
    }

    @Test
    void a_cell_whose_certificate_is_trusted_and_names_its_host_keeps_shares_over_tls() throws Exception {
        Pair own = certificate("own", "ip:127.0.0.1");
        Told told = new Told();
        try (CellProcess process = started(folder.resolve("cell"), own);
                CellClient client = new CellClient(Duration.ofSeconds(30), Optional.of(own.certificate()));
                Cell cell = new Cell(1, process.address(), client, InstantSource.system(), told)) {
            cell.start();
            await().atMost(60, TimeUnit.SECONDS).until(() -> told.findings.isPresent());
            assertThat(told.findings.orElseThrow()).isEmpty();
            CellHandle handle = new CellHandle(UUID.randomUUID());
            DataKey key = DataKey.random(new SecureRandom());
            List<CellShare> shares = KeyShares.split(
                    key,
                    parts -> IntStream.range(0, parts.capacity())
                            .forEach(at -> parts.put(at, (byte) new SecureRandom().nextInt())));
            assertThat(awaited(cell.put(handle, shares.get(1), Instant.now().plusSeconds(600))))
                    .isEqualTo(PutOutcome.TAKEN);
            assertThat(awaited(cell.read(handle))).isInstanceOf(CellReading.Share.class);
            assertThat(awaited(cell.destroy(handle))).isTrue();
        }
    }

    @Test
    void a_cell_with_another_certificate_or_one_for_another_host_is_not_used() throws Exception {
        Pair own = certificate("own", "ip:127.0.0.1");
        Pair elsewhere = certificate("elsewhere", "ip:192.0.2.1");
        for (List<Pair> pair : List.of(List.of(own, elsewhere), List.of(elsewhere, elsewhere))) {
            Told told = new Told();
            Path at = folder.resolve("cell" + UUID.randomUUID());
            try (CellProcess process = started(at, pair.get(0));
                    CellClient client = new CellClient(
                            Duration.ofSeconds(30), Optional.of(pair.get(1).certificate()));
                    Cell cell = new Cell(1, process.address(), client, InstantSource.system(), told)) {
                cell.start();
                await().atMost(60, TimeUnit.SECONDS)
                        .until(() -> Files.readString(at.resolve("log")).contains("certificate"));
                assertThat(told.findings).isEmpty();
                assertThat(awaited(cell.read(new CellHandle(UUID.randomUUID()))))
                        .isInstanceOf(CellReading.Unanswered.class);
            }
        }
    }
}
