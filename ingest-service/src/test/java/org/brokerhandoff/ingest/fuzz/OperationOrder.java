package org.brokerhandoff.ingest.fuzz;

import java.util.List;

/** The operations' ids in an order in which each finds its prerequisites. */
public final class OperationOrder {
    /** All operations: a missing one fails the test that uses this list. */
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
