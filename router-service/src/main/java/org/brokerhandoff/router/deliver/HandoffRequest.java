package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.PersonalDataBuffer;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * The body of a handoff: {@code {"signupId","person":{…},"consent":{…},"assignedAt"}} in UTF-8. The person's JSON, as ingest
 * sealed it, is copied in as bytes and never parsed.
 */
public final class HandoffRequest {
    private HandoffRequest() {}

    /** The body; whoever gets it wipes it after sending. */
    public static PersonalData body(PendingSignup signup, Assignment assignment, PersonalData person) {
        // The values written here are ids, versions and times of known form: nothing in them needs escaping.
        byte[] head = utf8("{\"signupId\":\"" + signup.signupId() + "\",\"person\":");
        byte[] tail = utf8(",\"consent\":{\"policyVersion\":\"" + signup.policyVersion()
                + "\",\"purposes\":[\"broker-handoff\"],\"givenAt\":\"" + signup.consentGivenAt()
                + "\"},\"assignedAt\":\"" + assignment.decidedAt() + "\"}");
        return person.expose((json, length) -> {
            PersonalDataBuffer body = new PersonalDataBuffer(head.length + length + tail.length);
            body.write(head, 0, head.length);
            body.write(json, 0, length);
            body.write(tail, 0, tail.length);
            return body.handOver();
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
