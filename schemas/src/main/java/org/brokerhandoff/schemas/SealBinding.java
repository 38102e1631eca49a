package org.brokerhandoff.schemas;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The associated data of a seal: what the sealed person is bound to. A sealed person that is moved to another signup, country,
 * policy or set of recipients no longer opens, so nobody who can write to the topic can widen a consent.
 */
public final class SealBinding {
    private static final int FORM = 1;

    private SealBinding() {}

    /**
     * The bytes that seal and unseal have to agree on: a form number, then each value with its length before it.
     *
     * @param personSchema version of the sealed person's JSON
     * @param language the signup's language, if it has one
     */
    public static byte[] associatedData(
            UUID signupId,
            int personSchema,
            String country,
            @Nullable String language,
            String policyVersion,
            List<String> recipients,
            Instant eraseBy) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(FORM);
            data.writeLong(signupId.getMostSignificantBits());
            data.writeLong(signupId.getLeastSignificantBits());
            data.writeInt(personSchema);
            data.writeUTF(country);
            data.writeBoolean(language != null);
            data.writeUTF(language == null ? "" : language);
            data.writeUTF(policyVersion);
            data.writeInt(recipients.size());
            for (String recipient : recipients) {
                data.writeUTF(recipient);
            }
            data.writeLong(eraseBy.toEpochMilli());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
