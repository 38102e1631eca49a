package org.brokerhandoff.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Verification of one signature by one key, over the message that its type prescribes. */
final class Signatures {
    /** Result of a verification. */
    enum Outcome {
        VALID,
        INVALID,
        /** This JVM lacks the algorithm, so the result is undecided. */
        UNSUPPORTED
    }

    private static final int TIME_BYTES = 8;
    /** DER of SubjectPublicKeyInfo up to the key's bits: RFC 8410 section 4, and RFC 9881 section 4 for ML-DSA-44. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] ML_DSA_44_PREFIX =
            HexFormat.of().parseHex("30820532300b060960864801650304031103820521" + "00");

    private Signatures() {}

    /** Whether {@code signature} over a note's {@code text} is by {@code key}. */
    static Outcome verify(VerifierKey key, String text, byte[] signature) {
        try {
            return switch (key.type()) {
                case ED25519 -> verify("Ed25519", ED25519_PREFIX, key, utf8(text), signature, 0);
                case COSIGNATURE_ED25519 ->
                    signature.length < TIME_BYTES || seconds(signature) < 0
                            ? Outcome.INVALID
                            : verify(
                                    "Ed25519",
                                    ED25519_PREFIX,
                                    key,
                                    cosigned(text, seconds(signature)),
                                    signature,
                                    TIME_BYTES);
                case COSIGNATURE_ML_DSA_44 ->
                    signature.length < TIME_BYTES || seconds(signature) < 0
                            ? Outcome.INVALID
                            : verify(
                                    "ML-DSA-44",
                                    ML_DSA_44_PREFIX,
                                    key,
                                    subtree(key.name(), Checkpoint.parse(text), seconds(signature)),
                                    signature,
                                    TIME_BYTES);
            };
        } catch (MalformedNote e) {
            // A cosignature is a statement about a checkpoint; over any other text it has no meaning.
            return Outcome.INVALID;
        }
    }

    /** Whether {@code signature} over the bare {@code message} is by {@code key}. */
    static boolean ed25519(VerifierKey key, byte[] message, byte[] signature) {
        return verify("Ed25519", ED25519_PREFIX, key, message, signature, 0) == Outcome.VALID;
    }

    private static Outcome verify(
            String algorithm, byte[] prefix, VerifierKey key, byte[] message, byte[] signature, int offset) {
        byte[] spki = ByteBuffer.allocate(prefix.length + key.publicKey().length)
                .put(prefix)
                .put(key.publicKey())
                .array();
        try {
            PublicKey publicKey = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(message);
            return verifier.verify(signature, offset, signature.length - offset) ? Outcome.VALID : Outcome.INVALID;
        } catch (NoSuchAlgorithmException e) {
            return Outcome.UNSUPPORTED;
        } catch (GeneralSecurityException e) {
            // The public key is not a point, or the signature has another length.
            return Outcome.INVALID;
        }
    }

    /** The time of a cosignature, in seconds since 1970; negative if it is beyond what the format allows. */
    static long seconds(byte[] cosignature) {
        return ByteBuffer.wrap(cosignature).getLong();
    }

    /** The message of an Ed25519 cosignature. */
    static byte[] cosigned(String text, long seconds) {
        return utf8("cosignature/v1\ntime " + seconds + "\n" + text);
    }

    /** {@code cosigned_message} of {@code tlog-cosignature}, for a checkpoint: the subtree from 0 to the size. */
    private static byte[] subtree(String cosigner, Checkpoint checkpoint, long seconds) throws MalformedNote {
        byte[] name = utf8(cosigner);
        byte[] origin = utf8(checkpoint.origin());
        if (name.length > 255 || origin.length > 255) {
            throw new MalformedNote("a name in an ML-DSA cosignature has at most 255 bytes");
        }
        byte[] label = utf8("subtree/v1\n\0");
        return ByteBuffer.allocate(label.length + 1 + name.length + 8 + 1 + origin.length + 8 + 8 + 32)
                .put(label)
                .put((byte) name.length)
                .put(name)
                .putLong(seconds)
                .put((byte) origin.length)
                .put(origin)
                .putLong(0)
                .putLong(checkpoint.size())
                .put(checkpoint.root().bytes())
                .array();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
