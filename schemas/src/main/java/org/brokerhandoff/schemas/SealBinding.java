package org.brokerhandoff.schemas;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;

/**
 * The values that a person's seal is bound to: every value outside the seal that affects handling of the record. If one of them is changed, or
 * the sealed person is moved to another record, the seal no longer opens; so a writer to the topic can neither widen a consent,
 * nor change its purpose or time, nor extend a hold.
 *
 * <p>The form of the binding is the first byte of the sealed bytes, and part of the binding itself: a record sealed under one form does
 * not open under another, so a stronger form cannot be downgraded. A new form needs a new schema of {@code
 * SealedSignup}: an old router then stops before the record, instead of purging it as one that does not open.
 *
 * @param slot custody slot of the data key
 * @param generation generation of that slot
 * @param receivedAt when ingest accepted the request; milliseconds count, as in the record
 */
public record SealBinding(
        UUID signupId, int slot, int generation, Person person, Consent consent, Instant receivedAt, HoldTimes times) {
    /** The form that a correction of an earlier signup's data is sealed with: it binds that signup, too. */
    public static final byte CORRECTION_FORM = 3;
    /** The form that everything else is sealed with. */
    public static final byte FORM = 2;
    /** The form until November 2026: binds neither purposes, nor slot, nor any time but {@code eraseBy}. Opened, not sealed with. */
    public static final byte FIRST_FORM = 1;

    /**
     * Data about the person outside the seal.
     *
     * @param schema version of the sealed JSON
     * @param language the language, if there is one
     */
    public record Person(int schema, String country, Optional<String> language) {}

    /**
     * What the person consented to, or requested.
     *
     * @param concerns the signup whose data it corrects; empty for what corrects none
     */
    public record Consent(
            String policyVersion,
            List<Purpose> purposes,
            List<String> recipients,
            Instant givenAt,
            Optional<UUID> concerns) {
        /** Copies the lists. */
        public Consent {
            purposes = List.copyOf(purposes);
            recipients = List.copyOf(recipients);
        }
    }

    /** The binding of a record; its sealed bytes are not part of it. */
    public static SealBinding of(SealedSignup record) {
        return new SealBinding(
                SignupIds.uuid(record.getSignupId()),
                record.getSlot(),
                record.getGeneration(),
                new Person(record.getPersonSchema(), record.getCountry(), Optional.ofNullable(record.getLanguage())),
                new Consent(
                        record.getPolicyVersion(),
                        record.getPurposes(),
                        record.getRecipients(),
                        record.getConsentGivenAt(),
                        Optional.ofNullable(record.getConcerns()).map(SignupIds::uuid)),
                record.getReceivedAt(),
                new HoldTimes(record.getKeyExpiry(), record.getEraseBy()));
    }

    /** The form to seal with, and the first byte of what is sealed. */
    public byte form() {
        return consent.concerns().isPresent() ? CORRECTION_FORM : FORM;
    }

    /** The bytes to seal with, of {@link #form()}. */
    public byte[] associatedData() {
        return written(form(), form() == CORRECTION_FORM ? this::writeCorrectionForm : this::writeSecondForm);
    }

    /**
     * The bytes to open with.
     *
     * @param form the first byte of what was sealed
     * @return empty if nothing can have been sealed under that form with these values: the form is unknown to this version
     */
    public Optional<byte[]> associatedData(byte form) {
        if (form == form()) {
            return Optional.of(associatedData());
        }
        if (form != FIRST_FORM || form() != FORM) {
            return Optional.empty();
        }
        try {
            return Optional.of(written(FIRST_FORM, this::writeFirstForm));
        } catch (UncheckedIOException tooLongForTheFirstForm) {
            return Optional.empty();
        }
    }

    /** Fixed-width numbers, big-endian; each text as the length of its UTF-8 in bytes, then these; each list as its size, then its items. */
    private void writeSecondForm(DataOutputStream data) throws IOException {
        data.writeLong(signupId.getMostSignificantBits());
        data.writeLong(signupId.getLeastSignificantBits());
        data.writeInt(slot);
        data.writeInt(generation);
        data.writeInt(person.schema());
        text(data, person.country());
        data.writeBoolean(person.language().isPresent());
        text(data, person.language().orElse(""));
        text(data, consent.policyVersion());
        data.writeInt(consent.purposes().size());
        for (Purpose purpose : consent.purposes()) {
            text(data, purpose.name());
        }
        data.writeInt(consent.recipients().size());
        for (String recipient : consent.recipients()) {
            text(data, recipient);
        }
        data.writeLong(consent.givenAt().toEpochMilli());
        data.writeLong(receivedAt.toEpochMilli());
        data.writeLong(times.keyExpiry().toEpochMilli());
        data.writeLong(times.eraseBy().toEpochMilli());
    }

    /** The second form, then the id of the signup that is corrected. */
    private void writeCorrectionForm(DataOutputStream data) throws IOException {
        writeSecondForm(data);
        UUID concerned = consent.concerns().orElseThrow();
        data.writeLong(concerned.getMostSignificantBits());
        data.writeLong(concerned.getLeastSignificantBits());
    }

    private static void text(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private void writeFirstForm(DataOutputStream data) throws IOException {
        data.writeLong(signupId.getMostSignificantBits());
        data.writeLong(signupId.getLeastSignificantBits());
        data.writeInt(person.schema());
        data.writeUTF(person.country());
        data.writeBoolean(person.language().isPresent());
        data.writeUTF(person.language().orElse(""));
        data.writeUTF(consent.policyVersion());
        data.writeInt(consent.recipients().size());
        for (String recipient : consent.recipients()) {
            data.writeUTF(recipient);
        }
        data.writeLong(times.eraseBy().toEpochMilli());
    }

    private interface Writing {
        /** Throws {@link UTFDataFormatException} if a text of the first form has 64 KiB or more. */
        void write(DataOutputStream data) throws IOException;
    }

    private static byte[] written(byte form, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(form);
            writing.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be written in form " + form, e);
        }
        return bytes.toByteArray();
    }
}
