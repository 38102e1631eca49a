package org.brokerhandoff.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A named Ed25519 private key: a log's, or a witness's. Cannot be printed. Signing is deterministic (RFC 8032), so a note signed again after
 * a crash has the same bytes.
 */
public final class SigningKey {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private final String name;
    private final PrivateKey key;
    private final byte[] publicKey;

    private SigningKey(String name, PrivateKey key, byte[] publicKey) {
        this.name = name;
        this.key = key;
        this.publicKey = publicKey;
    }

    /**
     * The key in {@code pem}, PKCS#8 without encryption, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws MalformedNote if it is anything else
     */
    public static SigningKey parse(String name, String pem) throws MalformedNote {
        Matcher matcher = PEM.matcher(pem);
        if (!SignedNote.isKeyName(name)) {
            throw new MalformedNote("a key name is not empty and has no blanks and no plus sign");
        }
        if (!matcher.matches()) {
            throw new MalformedNote("a key file holds one unencrypted PKCS#8 private key in PEM form");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
            return new SigningKey(name, key, publicKey(seed));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new MalformedNote("a key file holds an Ed25519 private key");
        }
    }

    /** A new key in the form that {@link #parse} reads. */
    public static String newPem() {
        try {
            byte[] key = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 17 has Ed25519", e);
        }
    }

    /** The JDK derives a public key only when it generates a pair, so it is made to generate this one. */
    private static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
        PublicKey made = generator.generateKeyPair().getPublic();
        byte[] spki = made.getEncoded();
        return Arrays.copyOfRange(spki, spki.length - KeyType.ED25519.publicKeyBytes(), spki.length);
    }

    /** The public half, for a log ({@link KeyType#ED25519}) or a witness ({@link KeyType#COSIGNATURE_ED25519}). */
    public VerifierKey verifierKey(KeyType type) {
        return new VerifierKey(name, type, publicKey);
    }

    /** A log's signature over {@code text}. */
    public NoteSignature sign(String text) {
        return new NoteSignature(name, verifierKey(KeyType.ED25519).id(), signature(Signatures.utf8(text)));
    }

    /** A witness's signature over the text of a checkpoint at {@code time}, to the second. */
    public NoteSignature cosign(String text, Instant time) {
        long seconds = time.getEpochSecond();
        byte[] signature = signature(Signatures.cosigned(text, seconds));
        byte[] timestamped = ByteBuffer.allocate(8 + signature.length)
                .putLong(seconds)
                .put(signature)
                .array();
        return new NoteSignature(name, verifierKey(KeyType.COSIGNATURE_ED25519).id(), timestamped);
    }

    /** A bare signature, for forms other than notes, such as JWS (RFC 8037). A key that signs notes must not be used for it. */
    public byte[] sign(byte[] message) {
        return signature(message);
    }

    /**
     * A secret that only the holder of this key can derive: one block of HKDF-Expand (RFC 5869) with HMAC-SHA-256, keyed with the seed.
     *
     * @param purpose secrets of different purposes are independent
     * @return 32 bytes
     */
    public byte[] secretFor(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(((EdECPrivateKey) key).getBytes().orElseThrow(), "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** The 32 bytes of the public half. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    private byte[] signature(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 17 signs with Ed25519", e);
        }
    }

    /** The name only. */
    @Override
    public String toString() {
        return name;
    }

    /** A random source that returns only the seed. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("the JDK draws other than the seed of an Ed25519 key");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
