package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.brokerhandoff.ingest.domain.ConsentMethod;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.Digests;

/** The consent receipt, in the terms of ISO/IEC TS 27560: record, notice, purposes, events. */
final class ReceiptJson {
    private ReceiptJson() {}

    /** The receipt; empty for a contact message, which needs no consent. */
    static Optional<String> receipt(SignupStatus status) {
        return status.consent().map(consent -> receipt(status, consent));
    }

    private static String receipt(SignupStatus status, RecordedConsent consent) {
        String id = status.signupId().toString();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("schema", "ISO/IEC TS 27560:2023")
                .put("schemaVersion", consent.recordVersion())
                .put("recordId", id)
                // The signup id is the only name the person has here.
                .put("piiPrincipalId", id);
        ObjectNode notice = json.putObject("privacyNotice")
                .put("version", consent.policyVersion())
                .put("language", consent.language())
                .put("sha256", Digests.hex(consent.noticeDigest()));
        consent.formDigest().ifPresent(digest -> notice.put("formSha256", Digests.hex(digest)));
        ArrayNode purposes = json.putArray("purposes");
        consent.purposes().forEach(purpose -> {
            ObjectNode node =
                    purposes.addObject().put("purpose", wireName(purpose)).put("lawfulBasis", "consent");
            ArrayNode categories = node.putArray("piiCategories");
            consent.dataCategories().forEach(category -> categories.add(wireName(category)));
            ArrayNode recipients = node.putArray("recipients");
            consent.recipients().forEach(recipients::add);
            node.put("jurisdiction", consent.jurisdiction());
            node.putObject("storage").put("eraseBy", consent.eraseBy().toString());
            node.putObject("withdrawal")
                    .put("method", wireName(consent.withdrawalMethod()))
                    .put("href", "/v1/signups/" + id + "/withdrawal");
        });
        ArrayNode events = json.putArray("events");
        events.addObject()
                .put("state", "given")
                .put("time", consent.givenAt().toString())
                .put("method", ConsentMethod.valueOf(consent.method().name()).wireName())
                .put("recordedAt", consent.receivedAt().toString());
        status.withdrawal()
                .ifPresent(withdrawal -> events.addObject()
                        .put("state", "withdrawn")
                        .put("time", withdrawal.at().toString()));
        return json.toString();
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
