package org.brokerhandoff.ledger.note;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Fresh keys for logs and witnesses of tests. */
public final class SampleKeys {
    private SampleKeys() {}

    /** A new key, read from the PEM form of a key file. */
    public static SigningKey key(String name) {
        try {
            byte[] pkcs8 = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return SigningKey.parse(
                    name,
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(pkcs8)
                            + "\n-----END PRIVATE KEY-----\n");
        } catch (NoSuchAlgorithmException | MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }
}
