package org.brokerhandoff.ingest.publish;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DocumentText;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.accept.ContactParser;
import org.brokerhandoff.ingest.accept.SignupParser;
import org.brokerhandoff.ingest.domain.Consent;
import org.brokerhandoff.ingest.domain.ContactMessage;
import org.brokerhandoff.ingest.domain.Correction;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.domain.Signup;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SignupIds;

/** Makes the events of ingest. */
public final class SignupEvents {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final int RECORD_VERSION = 1;
    /** A code that ISO 3166-1 reserves for users; here: not requested. */
    private static final String COUNTRY_UNKNOWN = "ZZ";
    /** A message is answered, and data corrected, at the person's request: no policy is consented to. */
    private static final String NO_POLICY = "none";

    private SignupEvents() {}

    private static ConsentGranted granted(
            UUID signupId, String owner, Signup signup, Policy policy, Instant receivedAt, Instant eraseBy) {
        Consent consent = signup.consent();
        return new ConsentGranted(
                SignupIds.fixed(signupId),
                RECORD_VERSION,
                policy.version(),
                Digests.parseHex(policy.sha256()),
                consent.formSha256().map(Digests::parseHex).orElse(null),
                policy.language(),
                List.of(Purpose.BROKER_HANDOFF),
                categories(signup.language().isPresent(), signup.supplementary()),
                consent.recipients(),
                signup.country(),
                WithdrawalMethod.WEBSITE_REQUEST,
                consent.givenAt(),
                method(consent),
                receivedAt,
                eraseBy,
                owner,
                consent.declaredAge().orElse(null));
    }

    /**
     * What must precede the sealed data in the log: the evidence that it may be handed over, and to whom.
     *
     * @param owner owner of the API key that was used
     */
    public static SpecificRecord evidence(
            UUID signupId, String owner, Entry entry, Instant receivedAt, Instant eraseBy) {
        if (entry instanceof Entry.Consented consented) {
            return granted(signupId, owner, consented.signup(), consented.policy(), receivedAt, eraseBy);
        }
        if (entry instanceof Entry.Corrected corrected) {
            return received(signupId, owner, corrected.correction(), receivedAt, eraseBy);
        }
        return received(signupId, owner, ((Entry.Contact) entry).message(), receivedAt, eraseBy);
    }

    /**
     * Identity of a request's content across persons: a digest of all its events, except ids and times.
     */
    public static Digest digest(String owner, Entry entry) {
        Entry timeless = entry.givenAt(Instant.EPOCH);
        SealedSignup unsealed = unsealed(
                NO_ID,
                timeless,
                new SlotReference(0, 0),
                Instant.EPOCH,
                HoldTimes.of(Instant.EPOCH, Duration.ofHours(1)));
        // Avro's form of a record without a person: of the events alone, which are in the log as they are.
        return Digests.sha256(evidence(NO_ID, owner, timeless, Instant.EPOCH, Instant.EPOCH) + "\n" + unsealed);
    }

    private static ContactReceived received(
            UUID signupId, String owner, Correction correction, Instant receivedAt, Instant eraseBy) {
        return new ContactReceived(
                SignupIds.fixed(signupId),
                receivedAt,
                eraseBy,
                List.of(Purpose.RECTIFICATION),
                categories(correction.language().isPresent(), correction.supplementary()),
                correction.recipients(),
                owner,
                SignupIds.fixed(correction.concerns()),
                // The request has the id of its new data.
                new RandomId(SignupIds.bytes(signupId)));
    }

    private static ContactReceived received(
            UUID signupId, String owner, ContactMessage message, Instant receivedAt, Instant eraseBy) {
        List<DataCategory> categories =
                new ArrayList<>(List.of(DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.CORRESPONDENCE));
        if (message.language().isPresent()) {
            categories.add(DataCategory.LANGUAGE);
        }
        return new ContactReceived(
                SignupIds.fixed(signupId),
                receivedAt,
                eraseBy,
                List.of(Purpose.HELPDESK),
                categories,
                message.recipients(),
                owner,
                null,
                null);
    }

    /** The record of a signup, or message, before its person is sealed: the data that the seal is bound to. */
    public static SealedSignup unsealed(
            UUID signupId, Entry entry, SlotReference slot, Instant receivedAt, HoldTimes times) {
        Facts facts = facts(entry);
        return new SealedSignup(
                SignupIds.fixed(signupId),
                facts.schema(),
                slot.slot(),
                slot.generation(),
                receivedAt,
                times.keyExpiry(),
                times.eraseBy(),
                facts.country(),
                facts.language().orElse(null),
                facts.policyVersion(),
                List.of(facts.purpose()),
                facts.recipients(),
                entry instanceof Entry.Consented consented
                        ? consented.signup().consent().givenAt()
                        // A message, or a correction, counts as given when it is received.
                        : receivedAt,
                ByteBuffer.allocate(0),
                facts.concerns().map(SignupIds::fixed).orElse(null));
    }

    /** Adds the sealed person. */
    public static SealedSignup sealed(SealedSignup unsealed, byte[] sealedPerson) {
        return SealedSignup.newBuilder(unsealed)
                .setSealedPerson(ByteBuffer.wrap(sealedPerson))
                .build();
    }

    /** What all kinds of entry share, as their sealed record names it. */
    private record Facts(
            int schema,
            Purpose purpose,
            String country,
            Optional<String> language,
            String policyVersion,
            List<String> recipients,
            Optional<UUID> concerns) {}

    private static Facts facts(Entry entry) {
        if (entry instanceof Entry.Consented consented) {
            Signup signup = consented.signup();
            return new Facts(
                    SignupParser.PERSON_SCHEMA,
                    Purpose.BROKER_HANDOFF,
                    signup.country(),
                    signup.language(),
                    signup.consent().policyVersion(),
                    signup.consent().recipients(),
                    Optional.empty());
        }
        if (entry instanceof Entry.Corrected corrected) {
            Correction correction = corrected.correction();
            return new Facts(
                    SignupParser.PERSON_SCHEMA,
                    Purpose.RECTIFICATION,
                    correction.country(),
                    correction.language(),
                    NO_POLICY,
                    correction.recipients(),
                    Optional.of(correction.concerns()));
        }
        ContactMessage message = ((Entry.Contact) entry).message();
        return new Facts(
                ContactParser.MESSAGE_SCHEMA,
                Purpose.HELPDESK,
                COUNTRY_UNKNOWN,
                message.language(),
                NO_POLICY,
                message.recipients(),
                Optional.empty());
    }

    /**
     * A published document.
     *
     * @param actor id of the API key that published it
     */
    public static PolicyPublished published(Policy policy, String actor) {
        return new PolicyPublished(
                policy.version(),
                policy.language(),
                Digests.parseHex(policy.sha256()),
                policy.effectiveAt(),
                policy.publishedAt(),
                policy.kind(),
                actor);
    }

    /** The text of a published document. */
    public static DocumentText text(String sha256, byte[] text) {
        return new DocumentText(Digests.parseHex(sha256), ByteBuffer.wrap(text));
    }

    private static List<DataCategory> categories(boolean language, boolean supplementary) {
        List<DataCategory> categories = new ArrayList<>(5);
        categories.add(DataCategory.IDENTITY);
        categories.add(DataCategory.CONTACT);
        categories.add(DataCategory.COUNTRY_OF_RESIDENCE);
        if (language) {
            categories.add(DataCategory.LANGUAGE);
        }
        if (supplementary) {
            categories.add(DataCategory.SUPPLEMENTARY);
        }
        return categories;
    }

    private static ConsentMethod method(Consent consent) {
        return switch (consent.method()) {
            case REGISTRATION_FORM -> ConsentMethod.REGISTRATION_FORM;
            case PREFERENCE_CENTRE -> ConsentMethod.PREFERENCE_CENTRE;
            case CONTACT_FORM -> ConsentMethod.CONTACT_FORM;
            case E_MAIL -> ConsentMethod.E_MAIL;
            case TELEPHONE -> ConsentMethod.TELEPHONE;
            case LETTER -> ConsentMethod.LETTER;
            case HELPDESK -> ConsentMethod.HELPDESK;
        };
    }

    /** The wire name of a recorded method. */
    public static Optional<String> wireName(ConsentMethod method) {
        return Optional.of(org.brokerhandoff.ingest.domain.ConsentMethod.valueOf(method.name())
                .wireName());
    }
}
