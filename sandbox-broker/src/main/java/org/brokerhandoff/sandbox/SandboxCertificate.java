package org.brokerhandoff.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A certificate generated for one run by the JDK's {@code keytool}, with its own authority, trusted only by clients configured for it.
 * Keytool writes the keys to a file, which is deleted and not overwritten: they are those of a sandbox.
 */
public final class SandboxCertificate {
    /** Its validity. */
    public enum Kind {
        /** For localhost and 127.0.0.1, valid for a week: accepted by clients that trust {@link SandboxCertificate#pem()}. */
        GOOD,
        /** For another host. */
        WRONG_HOST,
        /** Valid until yesterday. */
        EXPIRED
    }

    private static final String ALIAS = "sandbox";

    private final Buffer keyStore;
    private final String password;
    private final String pem;

    private SandboxCertificate(Buffer keyStore, String password, String pem) {
        this.keyStore = keyStore;
        this.password = password;
        this.pem = pem;
    }

    /**
     * Generates one.
     *
     * @throws UncheckedIOException if keytool cannot be run
     */
    public static SandboxCertificate make(Kind kind) {
        String password = UUID.randomUUID().toString();
        try {
            Path directory = Files.createTempDirectory("sandbox-broker-");
            Path store = directory.resolve("key.p12");
            try {
                Keytool keytool = new Keytool(store, password);
                List<String> key = List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1");
                // A separate authority: a client that trusts a certificate itself does not check its dates.
                keytool.run(with(key, List.of("-alias", "authority", "-dname", "CN=sandbox", "-ext", "bc:c")));
                String host = kind == Kind.WRONG_HOST ? "elsewhere.example" : "localhost";
                List<String> command = new ArrayList<>(List.of("-alias", ALIAS, "-signer", "authority"));
                command.addAll(List.of(
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host + (kind == Kind.WRONG_HOST ? "" : ",ip:127.0.0.1,ip:::1")));
                // Keytool's own form of a relative date.
                command.addAll(
                        kind == Kind.EXPIRED
                                ? List.of("-startdate", "-8d", "-validity", "7")
                                : List.of("-validity", "7"));
                keytool.run(with(key, command));
                return new SandboxCertificate(
                        Buffer.buffer(Files.readAllBytes(store)), password, keytool.certificate("authority"));
            } finally {
                Files.deleteIfExists(store);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no " + kind.name().toLowerCase(Locale.ROOT) + " certificate could be made", e);
        }
    }

    private static List<String> with(List<String> options, List<String> more) {
        return Stream.concat(options.stream(), more.stream()).toList();
    }

    /** The certificate of the authority that signed it, for a trust file. */
    public String pem() {
        return pem;
    }

    /** Key and certificate, for a server. */
    public PfxOptions keyStore() {
        return new PfxOptions().setValue(keyStore).setPassword(password).setAlias(ALIAS);
    }
}
