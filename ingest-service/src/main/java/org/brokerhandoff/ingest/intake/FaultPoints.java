package org.brokerhandoff.ingest.intake;

/** The arrows between the steps of a signup, a withdrawal, a request of or about a person, and a publication, where crash tests stop the process. */
public interface FaultPoints {
    /** For production: does nothing. */
    FaultPoints NONE = arrow -> {};

    /** The step just completed. */
    enum Arrow {
        RESERVED,
        HELD,
        CONSENT_ACKNOWLEDGED,
        SIGNUP_ACKNOWLEDGED,
        ACCEPTANCE_NOTED,
        KEY_ERASED,
        WITHDRAWAL_ACKNOWLEDGED,
        RESTRICTED,
        RIGHTS_REQUEST_ACKNOWLEDGED,
        CORRECTION_TAKEN,
        RIGHTS_DECISION_ACKNOWLEDGED,
        DISCLOSURE_RESERVED,
        DISCLOSURE_CONTACT_TAKEN,
        DISCLOSURE_REQUEST_ACKNOWLEDGED,
        DISCLOSURE_STEP_ACKNOWLEDGED,
        DOCUMENT_TEXT_ACKNOWLEDGED
    }

    /** Called when {@code arrow} is reached; a test may never return from it. */
    void reached(Arrow arrow);
}
