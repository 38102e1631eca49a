package org.brokerhandoff.quickstart.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.sandbox.Keytool;

/**
 * An authority that issues the certificates of one trial installation, with a key that ends with it: nothing can be issued later that the
 * installation trusts. Keytool keeps the keys in a file meanwhile, which is deleted and not overwritten.
 */
final class TrialAuthority implements AutoCloseable {
    private static final String AUTHORITY = "authority";
    private static final List<String> KEY_PAIR =
            List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "730", "-alias");

    private final Path store;
    private final Keytool keytool;

    /**
     * A host's private key and certificate.
     *
     * @param key PKCS#8, PEM
     * @param certificate PEM
     */
    record Identity(String key, String certificate) {
        /** Does not print the key. */
        @Override
        public String toString() {
            return "Identity[" + certificate.length() + "]";
        }
    }

    private TrialAuthority(Path store) {
        this.store = store;
        this.keytool = new Keytool(store, UUID.randomUUID().toString());
    }

    /**
     * A new one.
     *
     * @param directory where its keys are meanwhile, readable by its owner alone
     * @throws IOException if keytool cannot be run
     */
    static TrialAuthority create(Path directory) throws IOException {
        TrialAuthority authority = new TrialAuthority(directory.resolve("authority.p12"));
        authority.keytool.run(join(KEY_PAIR, List.of(AUTHORITY, "-dname", "CN=trial", "-ext", "bc:c")));
        return authority;
    }

    /**
     * A fresh key, with a certificate.
     *
     * @param hosts names that clients know the host by, the first of which is the subject; {@code localhost} stands for 127.0.0.1, too
     * @throws IOException if keytool cannot be run
     */
    Identity issue(List<String> hosts) throws IOException {
        String name = hosts.get(0);
        String alternatives = hosts.stream()
                .map(host -> host.equals("localhost") ? "dns:localhost,ip:127.0.0.1" : "dns:" + host)
                .collect(Collectors.joining(","));
        keytool.run(join(
                KEY_PAIR, List.of(name, "-signer", AUTHORITY, "-dname", "CN=" + name, "-ext", "san=" + alternatives)));
        return new Identity(keytool.privateKey(name), keytool.certificate(name));
    }

    /**
     * The authority's own certificate, PEM.
     *
     * @throws IOException if it cannot be read
     */
    String certificate() throws IOException {
        return keytool.certificate(AUTHORITY);
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(store);
    }
}
