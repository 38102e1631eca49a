package org.brokerhandoff.router.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.mapping.MappedBody;

/**
 * The body of a handoff in UTF-8: {@code {"signupId","person":{…},"consent":{…},"assignedAt"}}, in which the person's JSON, as ingest
 * sealed it, is copied as bytes and never parsed; or what the broker's mapping makes of it. That of a message to the helpdesk is
 * {@code {"signupId","message":{…},"purpose":"helpdesk","assignedAt"}}, and is not mapped. That of a correction is the notice's,
 * {@code {"signupId","type":"rectification","requestedAt","requestId","person":{…}}}, with the id of the signup that it corrects; of a broker with a
 * mapping, {@code handoff} is in the place of {@code person}: the body that the mapping makes.
 */
public final class HandoffRequest {
    /** All but the person; the buffer grows only for a long mapping. */
    private static final int ROOM_FOR_THE_REST = 512;

    private HandoffRequest() {}

    /** The body; the caller wipes it after sending. */
    public static PersonalData body(
            PendingSignup signup, Assignment assignment, PersonalData person, FieldMapping mapping) {
        return person.expose((json, length) -> {
            try (PersonalDataBuffer body = new PersonalDataBuffer(ROOM_FOR_THE_REST + length)) {
                write(signup, assignment, json, length, mapping, body);
                return body.handOver();
            }
        });
    }

    /** The contract's own body. */
    public static PersonalData body(PendingSignup signup, Assignment assignment, PersonalData person) {
        return body(signup, assignment, person, FieldMapping.NONE);
    }

    /**
     * Writes the body.
     *
     * @param json the person, in the first {@code length} bytes
     * @param body memory, which does not fail
     */
    public static void write(
            PendingSignup signup,
            Assignment assignment,
            byte[] json,
            int length,
            FieldMapping mapping,
            OutputStream body) {
        boolean mapped = !mapping.isNone() && !message(signup);
        Optional<BrokerNotice> correction = BrokerNotice.ofCorrection(signup);
        try {
            if (correction.isPresent()) {
                body.write(utf8(head(correction.get(), mapped)));
            } else if (!mapped) {
                body.write(utf8(head(signup)));
            }
            if (mapped) {
                MappedBody.write(mapping, signup, assignment, json, length, body);
            } else {
                body.write(json, 0, length);
            }
            if (correction.isPresent()) {
                body.write('}');
            } else if (!mapped) {
                body.write(utf8(tail(signup, assignment)));
            }
        } catch (IOException e) {
            // Not chained: whatever wrote it may say what it was writing.
            throw new IllegalStateException("a body could not be written");
        }
    }

    // The values written here are ids, versions and times of known form: nothing in them needs escaping.

    private static String head(BrokerNotice correction, boolean mapped) {
        return "{\"signupId\":\"" + correction.signupId() + "\",\"type\":\"" + correction.wireType()
                + "\",\"requestedAt\":\""
                + correction.requestedAt() + "\",\"requestId\":\""
                + correction.requestId().orElseThrow() + (mapped ? "\",\"handoff\":" : "\",\"person\":");
    }

    private static String head(PendingSignup signup) {
        return "{\"signupId\":\"" + signup.signupId() + (message(signup) ? "\",\"message\":" : "\",\"person\":");
    }

    private static String tail(PendingSignup signup, Assignment assignment) {
        String basis = message(signup)
                ? ",\"purpose\":\"helpdesk\""
                : ",\"consent\":{\"policyVersion\":\"" + signup.policyVersion()
                        + "\",\"purposes\":[\"broker-handoff\"],\"givenAt\":\"" + signup.consentGivenAt() + "\"}";
        return basis + ",\"assignedAt\":\"" + assignment.decidedAt() + "\"}";
    }

    private static boolean message(PendingSignup signup) {
        return signup.purpose() == Purpose.HELPDESK;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
