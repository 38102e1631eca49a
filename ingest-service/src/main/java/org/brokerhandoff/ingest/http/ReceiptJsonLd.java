package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A receipt in the terms of the Data Privacy Vocabulary, profile {@code dpv-27560:receipt-eu-gdpr}, as JSON-LD. The context is inline, so
 * that reading it needs no download.
 *
 * @see <a href="https://w3id.org/dpv/guides/consent-27560">Consent records and receipts as per ISO/IEC TS 27560 using DPV</a>
 */
final class ReceiptJsonLd {
    static final String MEDIA_TYPE = "application/ld+json";

    private ReceiptJsonLd() {}

    static ObjectNode of(ObjectNode receipt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        context(json.putObject("@context"));
        String id = "urn:uuid:" + receipt.path("recordId").asText();
        json.put("@id", id)
                .put("@type", "dpv:ConsentReceipt")
                .put("dct:conformsTo", "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr")
                .put("dct:hasVersion", receipt.path("schemaVersion").asText())
                .put("dct:identifier", receipt.path("recordId").asText());
        json.putObject("dpv:hasDataSubject").put("@id", id + "#person").put("@type", "dpv:DataSubject");
        JsonNode notice = receipt.path("privacyNotice");
        json.putObject("dpv:hasNotice")
                .put("@type", "dpv:ConsentNotice")
                .put("dct:hasVersion", notice.path("version").asText())
                .put("dct:language", notice.path("language").asText())
                .put("dct:identifier", "urn:sha256:" + notice.path("sha256").asText());
        ArrayNode processes = json.putArray("dpv:hasProcess");
        receipt.path("purposes").forEach(purpose -> process(processes.addObject(), purpose, receipt));
        ArrayNode statuses = json.putArray("dpv:hasConsentStatus");
        receipt.path("events").forEach(event -> {
            ObjectNode status = statuses.addObject()
                    .put(
                            "@type",
                            event.path("state").asText().equals("given") ? "dpv:ConsentGiven" : "dpv:ConsentWithdrawn")
                    .put("dct:date", event.path("time").asText())
                    .put("dct:valid", event.path("validUntil").asText());
            status.putObject("dpv:isIndicatedBy").put("@id", id + "#person");
            if (event.has("method")) {
                status.put("dpv:hasIndicationMethod", event.path("method").asText());
            }
            if (event.has("declaredAge")) {
                // DPV has no term for an age that a person confirms to have reached.
                status.put("handoff:declaredAge", event.path("declaredAge").asInt());
            }
        });
        return json;
    }

    private static void context(ObjectNode context) {
        context.put("dpv", "https://w3id.org/dpv#")
                .put("eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#")
                .put("loc", "https://w3id.org/dpv/loc#")
                .put("dct", "http://purl.org/dc/terms/")
                .put("handoff", "urn:broker-handoff:")
                .put("xsd", "http://www.w3.org/2001/XMLSchema#");
        for (String time : new String[] {"dct:date", "dct:valid"}) {
            context.putObject(time).put("@id", time).put("@type", "xsd:dateTime");
        }
        for (String link :
                new String[] {"dct:conformsTo", "dpv:hasLocation", "dpv:hasJurisdiction", "dpv:hasLegalBasis"}) {
            context.putObject(link).put("@id", link).put("@type", "@id");
        }
    }

    private static void process(ObjectNode process, JsonNode purpose, JsonNode receipt) {
        process.put("@type", "dpv:Process").put("dpv:hasLegalBasis", "eu-gdpr:A6-1-a");
        process.putObject("dpv:hasPurpose")
                .put("@type", "dpv:Purpose")
                .put("dct:identifier", purpose.path("purpose").asText());
        ArrayNode data = process.putArray("dpv:hasPersonalData");
        purpose.path("piiCategories")
                .forEach(category ->
                        data.addObject().put("@type", "dpv:PersonalData").put("dct:identifier", category.asText()));
        process.put("dpv:hasJurisdiction", "loc:" + purpose.path("jurisdiction").asText());
        ObjectNode storage = process.putObject("dpv:hasStorageCondition")
                .put("@type", "dpv:StorageDeletion")
                .put("dct:valid", purpose.path("storage").path("eraseBy").asText());
        purpose.path("storage")
                .path("locations")
                .forEach(country -> storage.withArray("/dpv:hasLocation").add("loc:" + country.asText()));
        ObjectNode control = process.putObject("dpv:hasConsentControl")
                .put("@type", "dpv:WithdrawConsent")
                .put("dct:identifier", purpose.path("withdrawal").path("href").asText());
        if (receipt.has("capability")) {
            // DPV has no term for the means to exercise a control.
            control.put("handoff:capability", receipt.path("capability").asText());
        }
        receipt.path("parties").forEach(party -> {
            boolean operator = party.path("type").asText().equals("controller");
            ObjectNode node = process.withArray(operator ? "/dpv:hasDataController" : "/dpv:hasRecipient")
                    .addObject()
                    .put("@type", type(party, operator))
                    .put("dct:identifier", party.path("id").asText())
                    .put("dpv:hasName", party.path("name").asText())
                    .put("dpv:hasContact", party.path("contact").asText());
            if (party.has("address")) {
                node.put("dpv:hasAddress", party.path("address").asText());
            }
        });
    }

    private static String type(JsonNode party, boolean operator) {
        if (operator) {
            return "dpv:DataController";
        }
        return switch (party.path("role").asText()) {
            case "controller" -> "dpv:DataController";
            case "joint-controller" -> "dpv:JointDataControllers";
            case "processor" -> "dpv:DataProcessor";
            default -> "dpv:Recipient";
        };
    }
}
