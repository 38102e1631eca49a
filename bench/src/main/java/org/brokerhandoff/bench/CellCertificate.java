package org.brokerhandoff.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import org.brokerhandoff.sandbox.SandboxCertificate;

/** Files of a certificate for cells on this machine's loopback, as their engines and the services read them. */
final class CellCertificate {
    private static final String AUTHORITY = "cells-ca.pem";
    private static final String CERTIFICATE = "cells.crt";
    private static final String KEY = "cells.key";

    private CellCertificate() {}

    /** Makes one; its authority is trusted by those who read the file alone. */
    static void write(Path folder) throws IOException {
        SandboxCertificate made = SandboxCertificate.make(SandboxCertificate.Kind.GOOD);
        Files.writeString(authority(folder), made.pem());
        char[] password = Objects.requireNonNull(made.keyStore().getPassword()).toCharArray();
        String alias = made.keyStore().getAlias();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(made.keyStore().getValue().getBytes()), password);
            pem(
                    folder.resolve(CERTIFICATE),
                    "CERTIFICATE",
                    store.getCertificate(alias).getEncoded());
            pem(
                    folder.resolve(KEY),
                    "PRIVATE KEY",
                    store.getKey(alias, password).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("the cells' certificate cannot be read", e);
        }
    }

    private static void pem(Path file, String kind, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                        + "-----\n");
    }

    /** The authority's certificate. */
    static Path authority(Path folder) {
        return folder.resolve(AUTHORITY);
    }

    /** Lines of an engine's configuration. */
    static String settings(Path folder, int port) {
        return "tls-port " + port + "\ntls-auth-clients no\ntls-cert-file " + folder.resolve(CERTIFICATE)
                + "\ntls-key-file " + folder.resolve(KEY) + "\ntls-ca-cert-file " + authority(folder) + "\n";
    }
}
