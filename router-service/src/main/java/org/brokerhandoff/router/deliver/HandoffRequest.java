package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.brokerhandoff.custody.PersonalData;
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
        return person.expose(json -> {
            byte[] body = Arrays.copyOf(head, head.length + json.length + tail.length);
            System.arraycopy(json, 0, body, head.length, json.length);
            System.arraycopy(tail, 0, body, head.length + json.length, tail.length);
            return PersonalData.takeOver(body);
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
