package org.brokerhandoff.ingest.publish;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.ingest.accept.SignupParser;
import org.brokerhandoff.ingest.domain.Consent;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.domain.Signup;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.SignupIds;

/** Makes the events of ingest. */
public final class SignupEvents {
    private static final int RECORD_VERSION = 1;

    private SignupEvents() {}

    /** The evidence of a consent. */
    public static ConsentGranted granted(
            UUID signupId, Signup signup, Policy policy, Instant receivedAt, Instant eraseBy) {
        Consent consent = signup.consent();
        return new ConsentGranted(
                SignupIds.fixed(signupId),
                RECORD_VERSION,
                policy.version(),
                Digests.parseHex(policy.sha256()),
                consent.formSha256().map(Digests::parseHex).orElse(null),
                policy.language(),
                List.of(Purpose.BROKER_HANDOFF),
                categories(signup),
                consent.recipients(),
                signup.country(),
                WithdrawalMethod.WEBSITE_REQUEST,
                consent.givenAt(),
                method(consent),
                receivedAt,
                eraseBy);
    }

    /** What the seal of a signup is bound to. */
    public static byte[] binding(UUID signupId, Signup signup, Instant eraseBy) {
        return SealBinding.associatedData(
                signupId,
                SignupParser.PERSON_SCHEMA,
                signup.country(),
                signup.language().orElse(null),
                signup.consent().policyVersion(),
                signup.consent().recipients(),
                eraseBy);
    }

    /** The sealed signup. */
    public static SealedSignup sealed(
            UUID signupId,
            Signup signup,
            SlotReference slot,
            Instant receivedAt,
            HoldTimes times,
            byte[] sealedPerson) {
        return new SealedSignup(
                SignupIds.fixed(signupId),
                SignupParser.PERSON_SCHEMA,
                slot.slot(),
                slot.generation(),
                receivedAt,
                times.keyExpiry(),
                times.eraseBy(),
                signup.country(),
                signup.language().orElse(null),
                signup.consent().policyVersion(),
                List.of(Purpose.BROKER_HANDOFF),
                signup.consent().recipients(),
                signup.consent().givenAt(),
                ByteBuffer.wrap(sealedPerson));
    }

    /** The end of a consent. */
    public static ConsentWithdrawn withdrawn(UUID signupId, Instant at, WithdrawalOutcome outcome) {
        return new ConsentWithdrawn(SignupIds.fixed(signupId), at, WithdrawalMethod.WEBSITE_REQUEST, outcome);
    }

    /** A published policy. */
    public static PolicyPublished published(Policy policy) {
        return new PolicyPublished(
                policy.version(),
                policy.language(),
                Digests.parseHex(policy.sha256()),
                policy.effectiveAt(),
                policy.publishedAt());
    }

    private static List<DataCategory> categories(Signup signup) {
        List<DataCategory> categories = new ArrayList<>(5);
        categories.add(DataCategory.IDENTITY);
        categories.add(DataCategory.CONTACT);
        categories.add(DataCategory.COUNTRY_OF_RESIDENCE);
        if (signup.language().isPresent()) {
            categories.add(DataCategory.LANGUAGE);
        }
        if (signup.supplementary()) {
            categories.add(DataCategory.SUPPLEMENTARY);
        }
        return categories;
    }

    private static ConsentMethod method(Consent consent) {
        return switch (consent.method()) {
            case REGISTRATION_FORM -> ConsentMethod.REGISTRATION_FORM;
            case PREFERENCE_CENTRE -> ConsentMethod.PREFERENCE_CENTRE;
            case CONTACT_FORM -> ConsentMethod.CONTACT_FORM;
        };
    }

    /** The wire name of a recorded method. */
    public static Optional<String> wireName(ConsentMethod method) {
        return Optional.of(org.brokerhandoff.ingest.domain.ConsentMethod.valueOf(method.name())
                .wireName());
    }
}
