package org.brokerhandoff.ingest.fuzz;

import java.util.List;

/** The operations' ids in an order in which each has what it needs from those before it. */
public final class OperationOrder {
    /** Every operation that there is: one that is missing here fails the test that uses it. */
    public static final List<String> IDS = List.of(
            "publishPolicy",
            "getCurrentPolicy",
            "getPolicyText",
            "submitSignup",
            "getSignup",
            "getReceipt",
            "getEvidence",
            "chooseCookies",
            "getCookieChoice",
            "submitContactMessage",
            "requestRight",
            "listRightsRequests",
            "getRightsRequest",
            "listOpenRightsRequests",
            "extendRightsRequest",
            "decideRightsRequest",
            "enterDisclosureRequest",
            "listDisclosureRequests",
            "getDisclosureRequest",
            "askPerson",
            "getQuestions",
            "answerQuestion",
            "decideDisclosureRequest",
            "releasePreservation",
            "withdrawCookieChoice",
            "withdrawConsent",
            "streamEvents",
            "getReceiptKeys",
            "getDescription",
            "getEventDescription",
            "getLiveness",
            "getReadiness",
            "getMetrics");

    private OperationOrder() {}
}
