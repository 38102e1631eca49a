package org.brokerhandoff.router.seal;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SealBinding;

/** Opens seals with the keys that custody still holds. */
public final class Unsealing {
    private final KeyCustody custody;
    private final Lane lane;

    /** Opens with the keys of {@code custody}, in {@code lane}, which all methods are called in. */
    public Unsealing(KeyCustody custody, Lane lane) {
        this.custody = custody;
        this.lane = lane;
    }

    /** What opening a seal came to. */
    public sealed interface Outcome {
        /** The person, to be wiped by the caller. */
        record Opened(PersonalData person) implements Outcome {}

        /** Custody no longer has the key. */
        record KeyGone() implements Outcome {}

        /** The key is there and does not open the seal: the record was changed, or belongs to another signup. */
        record Unopenable() implements Outcome {}
    }

    /** Opens the signup's seal: at once if custody has the key at hand. The key does not outlive that. */
    public CompletionStage<Outcome> open(PendingSignup signup) {
        return lane.resumedAfter(custody.key(new SlotReference(signup.slot(), signup.generation()), signup.signupId()))
                .thenApply(key -> opened(signup, key));
    }

    private static Outcome opened(PendingSignup signup, Optional<DataKey> key) {
        if (key.isEmpty()) {
            return new Outcome.KeyGone();
        }
        DataKey dataKey = key.get();
        try {
            return Sealer.open(dataKey, signup.sealedPerson().bytes(), binding(signup)::associatedData)
                    .<Outcome>map(Outcome.Opened::new)
                    .orElseGet(Outcome.Unopenable::new);
        } finally {
            dataKey.destroy();
        }
    }

    /** What the signup's seal has to be bound to. */
    public static SealBinding binding(PendingSignup signup) {
        return new SealBinding(
                signup.signupId(),
                signup.slot(),
                signup.generation(),
                new SealBinding.Person(signup.personSchema(), signup.country(), signup.language()),
                new SealBinding.Consent(
                        signup.policyVersion(),
                        signup.purposes(),
                        signup.recipients(),
                        signup.consentGivenAt(),
                        signup.concerns()),
                signup.receivedAt(),
                new HoldTimes(signup.keyExpiry(), signup.eraseBy()));
    }
}
