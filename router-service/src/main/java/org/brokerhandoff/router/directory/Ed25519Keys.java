package org.brokerhandoff.router.directory;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** An Ed25519 key pair from its 32 private bytes (RFC 8032, section 5.1.5). Cannot be printed. */
final class Ed25519Keys {
    static final int BYTES = 32;

    private final KeyPair pair;

    private Ed25519Keys(KeyPair pair) {
        this.pair = pair;
    }

    /** The pair of these private bytes. */
    static Ed25519Keys of(byte[] privateBytes) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            // The JDK computes a public key nowhere but here, out of the bytes that its source of randomness gives.
            generator.initialize(NamedParameterSpec.ED25519, new Given(privateBytes));
            return new Ed25519Keys(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    PrivateKey privateKey() {
        return pair.getPrivate();
    }

    /** The 32 bytes of the public key: the end of its X.509 form (RFC 8410). */
    byte[] publicBytes() {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length);
    }

    @Override
    public String toString() {
        return "Ed25519Keys[redacted]";
    }

    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            if (target.length != bytes.length) {
                throw new IllegalStateException("an Ed25519 key is made of 32 bytes");
            }
            System.arraycopy(bytes, 0, target, 0, bytes.length);
        }
    }
}
