package org.brokerhandoff.audit.canary;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Ed25519Signature;
import org.brokerhandoff.event.PublicKey;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;

/** Signed results of retention canaries, for tests. */
public final class Canaries {
    private static final SigningKey KEY = key();

    private Canaries() {}

    /** The findings of a canary sent half a second before: nothing, unless {@code change} sets some. */
    public static CanaryChecked checked(
            SignupId signupId, Instant checkedAt, CanaryVerdict verdict, UnaryOperator<CanaryChecked.Builder> change) {
        return CanaryStatement.signed(
                change.apply(CanaryChecked.newBuilder()
                                .setSignupId(signupId)
                                .setSentAt(checkedAt.minusMillis(500))
                                .setCheckedAt(checkedAt)
                                .setVerdict(verdict)
                                .setTexts(9)
                                .setPlanted(81)
                                .setRecords(40)
                                .setRecordBytes(9_000)
                                .setFiles(3)
                                .setFileBytes(70_000)
                                .setFindings(0)
                                .setUnreadable(0)
                                .setSearched(new Digest(new byte[32]))
                                .setKey(new PublicKey(new byte[32]))
                                .setSignature(new Ed25519Signature(new byte[64])))
                        .build(),
                KEY);
    }

    private static SigningKey key() {
        try {
            return SigningKey.parse("canary", SigningKey.newPem());
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }
}
