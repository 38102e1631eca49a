package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * The body of a handoff: {@code {"signupId","person":{…},"consent":{…},"assignedAt"}} in UTF-8; of a message to the helpdesk
 * {@code {"signupId","message":{…},"purpose":"helpdesk","assignedAt"}}. What ingest sealed is copied in as bytes and never parsed.
 */
public final class HandoffRequest {
    private HandoffRequest() {}

    /** The body; whoever gets it wipes it after sending. */
    public static PersonalData body(PendingSignup signup, Assignment assignment, PersonalData person) {
        byte[] head = utf8(head(signup));
        byte[] tail = utf8(tail(signup, assignment));
        return person.expose((json, length) -> {
            PersonalDataBuffer body = new PersonalDataBuffer(head.length + length + tail.length);
            body.write(head, 0, head.length);
            body.write(json, 0, length);
            body.write(tail, 0, tail.length);
            return body.handOver();
        });
    }

    // The values written here are ids, versions and times of known form: nothing in them needs escaping.

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
