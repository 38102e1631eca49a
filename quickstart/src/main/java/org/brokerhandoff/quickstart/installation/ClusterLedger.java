package org.brokerhandoff.quickstart.installation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.SecretFile;

/** The ledger of an installation on several hosts, and its witness: keys, the policy that names both, and what clients trust. */
final class ClusterLedger {
    static final String ORIGIN = "handoff.example.org/cluster/ledger/1";
    private static final String WITNESS = "witness.example.org/w1";

    private ClusterLedger() {}

    /** Writes the keys for {@code ledger} and {@code witness}, and the policy for {@code ledger} and {@code audit}. */
    static void create(Path etc) throws IOException {
        String log = key(etc.resolve("ledger").resolve("ledger.key"), ORIGIN, KeyType.ED25519);
        String witness = key(etc.resolve("witness").resolve("witness.key"), WITNESS, KeyType.COSIGNATURE_ED25519);
        String policy = "log " + log + "\nwitness w1 " + witness + " https://witness-tls:8443/\nquorum w1\n";
        Files.writeString(etc.resolve("ledger").resolve("ledger.policy"), policy);
        Files.writeString(etc.resolve("audit").resolve("ledger.policy"), policy);
        Files.writeString(etc.resolve("witness").resolve("witness.arguments"), """
                --dir /var/lib/handoff/witness
                --name NAME
                --key /etc/handoff/witness.key
                --log LOG
                --host 0.0.0.0
                """.replace("NAME", WITNESS)
                .replace("LOG", log));
    }

    /** @return its public half */
    private static String key(Path file, String name, KeyType type) throws IOException {
        String pem = SigningKey.newPem();
        SecretFile.create(file, pem);
        try {
            return SigningKey.parse(name, pem).verifierKey(type).toString();
        } catch (MalformedNote e) {
            throw new IllegalStateException("a key that was just made", e);
        }
    }

    /**
     * The authority for clients that know the JDK's stores alone. Its password protects nothing, since it holds no secret.
     *
     * @param certificate PEM
     */
    static void trust(Path file, String certificate) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII))));
            store.store(out, "changeit".toCharArray());
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException("every JDK writes PKCS#12", e));
        }
    }
}
