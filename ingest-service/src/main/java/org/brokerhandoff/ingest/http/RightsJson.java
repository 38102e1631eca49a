package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.rights.RightsProgress;
import org.brokerhandoff.ingest.status.RightsCase;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupState;
import org.brokerhandoff.register.SignupStatus;

/** The JSON forms of people's requests. */
final class RightsJson {
    /** Art. 13 (2) (f), 15 (1) (h) GDPR: the logic involved, in words that a person understands. */
    private static final String ROUTING =
            "A program chose the broker, by rules and without looking at the data: of the brokers named in the consent, those that serve the"
                    + " country of residence and are not excluded there, take the language, are open and have room; of these the ones that are asked first; of"
                    + " several, one by a draw that follows from the random id of the signup, according to their agreed shares.";

    private RightsJson() {}

    private static String self(UUID signupId, UUID requestId) {
        return "/v1/signups/" + signupId + "/rights-requests/" + requestId;
    }

    /** Confirms that a request is taken. */
    static String taken(UUID signupId, RightsRequest request) {
        return head(signupId, request).toString();
    }

    private static ObjectNode head(UUID signupId, RightsRequest request) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("requestId", request.requestId().toString())
                .put("type", WireNames.of(request.type()))
                .put("status", WireNames.of(RightsProgress.of(request)))
                .put("requestedAt", request.requestedAt().toString())
                .put("dueAt", request.dueAt().toString())
                .put("method", WireNames.of(request.method()));
        request.found().ifPresent(found -> json.put("found", found.name()));
        json.putObject("links").put("self", self(signupId, request.requestId()));
        return json;
    }

    /** A request, with each recipient's progress and the answer. */
    static String request(RightsCase now, RightsRequest request) {
        return whole(now, request).toString();
    }

    /** All requests about a signup. */
    static String requests(RightsCase now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("requests");
        now.requests().forEach(request -> list.add(whole(now, request)));
        return json.toString();
    }

    /** The requests that are not answered. */
    static String open(List<OpenRightsRequest> open) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("requests");
        open.forEach(request -> list.addObject()
                .put("signupId", request.signupId().toString())
                .put("requestId", request.requestId().toString())
                .put("type", WireNames.of(request.type()))
                .put("dueAt", request.dueAt().toString())
                .putObject("links")
                .put("self", self(request.signupId(), request.requestId())));
        return json.toString();
    }

    private static ObjectNode whole(RightsCase now, RightsRequest request) {
        ObjectNode json = head(now.status().signupId(), request);
        request.extension()
                .ifPresent(extension -> json.putObject("extension")
                        .put("at", extension.at().toString())
                        .put("reason", WireNames.of(extension.reason())));
        request.decision()
                .ifPresent(decision -> json.putObject("decision")
                        .put("at", decision.at().toString())
                        .put("outcome", WireNames.of(decision.outcome()))
                        .put("ground", WireNames.of(decision.ground())));
        ArrayNode recipients = json.putArray("recipients");
        request.recipients().forEach(recipient -> recipient(recipients.addObject(), recipient));
        request.correction().flatMap(RightsRequest.Correction::status).ifPresent(correction -> {
            json.set("correction", StatusJson.json(correction));
            holder(recipients, now.status(), correction);
        });
        if (request.type() == RightsType.ACCESS) {
            access(json.putObject("answer"), now.status());
        } else if (request.type() == RightsType.PORTABILITY) {
            json.putObject("answer").put("receipt", receipt(now.status()));
        }
        return json;
    }

    private static String receipt(SignupStatus status) {
        return "/v1/signups/" + status.signupId() + "/receipt";
    }

    private static void recipient(ObjectNode json, OwedNotice recipient) {
        json.put("broker", recipient.broker())
                .put("status", WireNames.of(RightsProgress.of(recipient)))
                .put("sendings", recipient.attempts());
        recipient.last().ifPresent(sending -> json.put("sentAt", sending.at().toString()));
        recipient.confirmedAt().ifPresent(at -> json.put("confirmedAt", at.toString()));
        recipient
                .refusal()
                .filter(refusal -> recipient.confirmedAt().isEmpty())
                .ifPresent(refusal ->
                        json.put("refusedAt", refusal.at().toString()).put("reason", WireNames.of(refusal.ground())));
        json.put("escalated", !recipient.escalations().isEmpty());
    }

    /** New data is delivered to one broker, unless superseded by newer data or a withdrawal. */
    private static void holder(ArrayNode recipients, SignupStatus corrected, SignupStatus correction) {
        RightsProgress progress = RightsProgress.of(correction);
        if (correction.state() == SignupState.WITHDRAWN && progress == RightsProgress.REFUSED) {
            return;
        }
        ObjectNode json = recipients.addObject();
        corrected.broker().ifPresent(broker -> json.put("broker", broker.id()));
        json.put("status", WireNames.of(progress)).put("escalated", correction.state() == SignupState.EXPIRED);
    }

    /** Art. 15 (1) GDPR, as far as known here; the data itself is not: it is sealed, or destroyed. */
    private static void access(ObjectNode json, SignupStatus status) {
        status.consent().ifPresent(consent -> consent(json, consent));
        json.put("source", "the person").put("routing", ROUTING);
        json.set("signup", StatusJson.json(status));
        json.put("receipt", receipt(status));
    }

    private static void consent(ObjectNode json, RecordedConsent consent) {
        json.put("legalBasis", "consent, Art. 6 (1) (a) GDPR");
        ArrayNode purposes = json.putArray("purposes");
        consent.purposes().forEach(purpose -> purposes.add(WireNames.of(purpose)));
        ArrayNode categories = json.putArray("dataCategories");
        consent.dataCategories().forEach(category -> categories.add(WireNames.of(category)));
        ArrayNode named = json.putArray("namedRecipients");
        consent.recipients().forEach(named::add);
    }
}
