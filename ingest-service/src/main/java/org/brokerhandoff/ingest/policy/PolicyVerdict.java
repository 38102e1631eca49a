package org.brokerhandoff.ingest.policy;

import java.util.Optional;
import org.brokerhandoff.ingest.domain.Policy;

/** Whether a consent may name a policy version. */
public sealed interface PolicyVerdict {
    /** It may; {@code policy} is the text that was shown. */
    record InForce(Policy policy) implements PolicyVerdict {}

    /**
     * It may not.
     *
     * @param reason why
     * @param currentVersion the version that is in force, if any is
     */
    record Refused(Reason reason, Optional<String> currentVersion) implements PolicyVerdict {}

    /** Why a consent may not name a policy version. */
    enum Reason {
        /** No such version is published. */
        UNKNOWN("policy-unknown", "is not a published policy version"),
        /** The consent was given before the version took effect. */
        NOT_IN_FORCE("policy-not-in-force", "was not in force when the consent was given"),
        /** A newer version superseded it. */
        SUPERSEDED("policy-superseded", "was superseded by a newer version"),
        /** The version is published in several languages, and none is the person's. */
        LANGUAGE_UNCLEAR(
                "policy-language-unclear",
                "is published in several languages, so /person/language must say which one was shown");

        private final String code;
        private final String detail;

        Reason(String code, String detail) {
            this.code = code;
            this.detail = detail;
        }

        /** Stable name for programs. */
        public String code() {
            return code;
        }

        /** The rule as text, to complete "the version …". */
        public String detail() {
            return detail;
        }
    }
}
