package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.domain.ConsentMethod;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.status.ReceiptFacts;
import org.brokerhandoff.register.PublishedRecipient;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.schemas.Digests;

/**
 * The consent receipt, in the terms of ISO/IEC TS 27560: record, notice, purposes, parties, events. Which member holds which of its
 * fields is tested against {@code 27560-fields.csv}.
 */
final class ReceiptJson {
    /** Party id of the operator; no broker can have it, since their ids have no underscore. */
    static final String OPERATOR = "_operator";

    private ReceiptJson() {}

    /**
     * The receipt; empty for a contact message, which needs no consent.
     *
     * @param capability with which the person can act on the signup without the website
     */
    static Optional<ObjectNode> receipt(ReceiptFacts facts, Optional<Operator> operator, Optional<String> capability) {
        return facts.status().consent().map(consent -> {
            ObjectNode receipt = receipt(facts, consent, operator);
            capability.ifPresent(token -> receipt.put("capability", token));
            return receipt;
        });
    }

    private static ObjectNode receipt(ReceiptFacts facts, RecordedConsent consent, Optional<Operator> operator) {
        String id = facts.status().signupId().toString();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("schema", "ISO/IEC TS 27560:2023")
                .put("schemaVersion", consent.recordVersion())
                .put("recordId", id)
                // The signup id is the only name the person has here.
                .put("piiPrincipalId", id);
        String digest = Digests.hex(consent.noticeDigest());
        ObjectNode notice = json.putObject("privacyNotice")
                .put("version", consent.policyVersion())
                .put("language", consent.language())
                .put("sha256", digest)
                .put("href", "/v1/policies/" + digest);
        consent.formDigest().ifPresent(form -> notice.put("formSha256", Digests.hex(form)));
        ArrayNode purposes = json.putArray("purposes");
        consent.purposes().forEach(purpose -> {
            ObjectNode node = purposes.addObject()
                    .put("purpose", WireNames.of(purpose))
                    .put("lawfulBasis", "consent")
                    .put("collectionMethod", "website")
                    .put("processingMethod", "sealed, held, handed to one recipient, destroyed");
            ArrayNode categories = node.putArray("piiCategories");
            consent.dataCategories().forEach(category -> categories.add(WireNames.of(category)));
            operator.ifPresent(known -> node.putArray("piiControllers").add(OPERATOR));
            ArrayNode recipients = node.putArray("recipients");
            consent.recipients().forEach(recipients::add);
            node.put("jurisdiction", consent.jurisdiction());
            ObjectNode storage =
                    node.putObject("storage").put("eraseBy", consent.eraseBy().toString());
            facts.status().preservedUntil().ifPresent(until -> storage.put("preservedUntil", until.toString()));
            operator.ifPresent(known -> known.storageCountries().forEach(storage.withArray("/locations")::add));
            node.putObject("withdrawal")
                    .put("method", WireNames.of(consent.withdrawalMethod()))
                    .put("href", "/v1/signups/" + id + "/withdrawal");
        });
        ArrayNode parties = json.putArray("parties");
        operator.ifPresent(known -> operator(parties.addObject(), known));
        facts.recipients().forEach(recipient -> recipient(parties.addObject(), recipient));
        events(json.putArray("events"), facts, consent, id);
        return json;
    }

    private static void operator(ObjectNode party, Operator operator) {
        party.put("id", OPERATOR)
                .put("type", "controller")
                .put("role", "controller")
                .put("name", operator.name())
                .put("address", operator.address())
                .put("contact", operator.contact())
                .put("jurisdiction", operator.jurisdiction());
        operator.dataProtectionOfficer().ifPresent(officer -> party.put("dataProtectionOfficer", officer));
        operator.processors()
                .forEach(processor -> party.withArray("/processors")
                        .addObject()
                        .put("name", processor.name())
                        .put("purpose", processor.purpose())
                        .put("country", processor.country()));
    }

    private static void recipient(ObjectNode party, PublishedRecipient recipient) {
        party.put("id", recipient.id())
                .put("type", "recipient")
                .put("name", recipient.name())
                .put("privacyPolicy", recipient.privacyPolicy());
        recipient.role().ifPresent(role -> party.put("role", WireNames.of(role)));
        party.put("contact", recipient.contact().orElse(recipient.privacyPolicy()));
    }

    private static void events(ArrayNode events, ReceiptFacts facts, RecordedConsent consent, String id) {
        ObjectNode given = events.addObject()
                .put("state", "given")
                .put("type", "expressed")
                .put("time", consent.givenAt().toString())
                .put("validUntil", consent.eraseBy().toString())
                .put("entityId", id)
                .put("method", ConsentMethod.valueOf(consent.method().name()).wireName())
                .put("recordedAt", consent.receivedAt().toString());
        consent.declaredAge().ifPresent(years -> given.put("declaredAge", years));
        facts.status()
                .withdrawal()
                .ifPresent(withdrawal -> events.addObject()
                        .put("state", "withdrawn")
                        .put("type", "expressed")
                        .put("time", withdrawal.at().toString())
                        .put("validUntil", withdrawal.at().toString())
                        .put("entityId", id)
                        .put("method", WireNames.of(withdrawal.method())));
    }
}
