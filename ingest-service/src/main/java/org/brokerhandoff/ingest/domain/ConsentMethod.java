package org.brokerhandoff.ingest.domain;

import java.util.Optional;

/** How the person expressed the consent: on the website, or to the operator, whose staff then records the actual channel. */
public enum ConsentMethod {
    REGISTRATION_FORM("registration-form"),
    PREFERENCE_CENTRE("preference-centre"),
    CONTACT_FORM("contact-form"),
    E_MAIL("e-mail"),
    TELEPHONE("telephone"),
    LETTER("letter"),
    HELPDESK("helpdesk");

    private final String wireName;

    ConsentMethod(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and receipts. */
    public String wireName() {
        return wireName;
    }

    /** The method of that name in a request, if there is one. */
    public static Optional<ConsentMethod> named(String wireName) {
        for (ConsentMethod method : values()) {
            if (method.wireName.equals(wireName)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }
}
