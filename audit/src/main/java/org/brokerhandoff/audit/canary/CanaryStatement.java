package org.brokerhandoff.audit.canary;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.Ed25519Signature;
import org.brokerhandoff.event.PublicKey;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.schemas.SignupIds;

/** What a {@link CanaryChecked} says, and what of it is signed: the lines that its schema describes. Pure. */
public final class CanaryStatement {
    /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410, section 4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private CanaryStatement() {}

    /** The signed lines. */
    static String text(CanaryChecked event) {
        return String.join(
                        "\n",
                        "handoff-canary/v1",
                        SignupIds.uuid(event.getSignupId()).toString(),
                        String.valueOf(event.getSentAt().toEpochMilli()),
                        String.valueOf(event.getCheckedAt().toEpochMilli()),
                        event.getVerdict().name(),
                        String.valueOf(event.getTexts()),
                        String.valueOf(event.getPlanted()),
                        String.valueOf(event.getRecords()),
                        String.valueOf(event.getRecordBytes()),
                        String.valueOf(event.getFiles()),
                        String.valueOf(event.getFileBytes()),
                        String.valueOf(event.getFindings()),
                        String.valueOf(event.getUnreadable()),
                        HexFormat.of().formatHex(event.getSearched().bytes()))
                + "\n";
    }

    /**
     * What follows from what was found.
     *
     * @param purge why the canary was purged; empty if it was not in the time that was waited
     * @param unreadable what should have been searched and could not be
     */
    public static CanaryVerdict verdict(Optional<PurgeReason> purge, long findings, long unreadable) {
        if (findings > 0) {
            return CanaryVerdict.FOUND;
        } else if (purge.isEmpty()) {
            return CanaryVerdict.NOT_PURGED;
        }
        return purge.get() == PurgeReason.DELIVERED && unreadable == 0
                ? CanaryVerdict.CLEAN
                : CanaryVerdict.CANNOT_TELL;
    }

    /** The event as {@code key} signs it; the key and the signature that {@code unsigned} has do not count. */
    static CanaryChecked signed(CanaryChecked unsigned, SigningKey key) {
        return CanaryChecked.newBuilder(unsigned)
                .setKey(new PublicKey(key.publicKey()))
                .setSignature(new Ed25519Signature(key.sign(text(unsigned).getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    /** Whether the signature is by the key that the event names, over what it says. */
    public static boolean holds(CanaryChecked event) {
        byte[] named = event.getKey().bytes();
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + named.length);
        System.arraycopy(named, 0, encoded, X509_PREFIX.length, named.length);
        try {
            java.security.PublicKey key =
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(text(event).getBytes(StandardCharsets.UTF_8));
            return verifier.verify(event.getSignature().bytes());
        } catch (GeneralSecurityException e) {
            // Not a key, or not a signature of the right form.
            return false;
        }
    }
}
