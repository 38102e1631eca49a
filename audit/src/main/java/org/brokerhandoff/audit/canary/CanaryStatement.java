package org.brokerhandoff.audit.canary;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.Ed25519Signature;
import org.brokerhandoff.event.PublicKey;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.schemas.SignupIds;

/** The content of a {@link CanaryChecked}, and its signed part: the lines that its schema describes. Pure. */
public final class CanaryStatement {
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
     * The verdict on the findings.
     *
     * @param purge why the canary was purged; empty if it was not within the wait
     * @param unreadable what could not be searched
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

    /** The event signed by {@code key}; key and signature in {@code unsigned} are ignored. */
    static CanaryChecked signed(CanaryChecked unsigned, SigningKey key) {
        return CanaryChecked.newBuilder(unsigned)
                .setKey(new PublicKey(key.publicKey()))
                .setSignature(new Ed25519Signature(key.sign(text(unsigned).getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    /** Whether the signature is by the key that the event names, over what it says. */
    public static boolean holds(CanaryChecked event) {
        return new VerifierKey("canary", KeyType.ED25519, event.getKey().bytes())
                .signed(
                        text(event).getBytes(StandardCharsets.UTF_8),
                        event.getSignature().bytes());
    }
}
