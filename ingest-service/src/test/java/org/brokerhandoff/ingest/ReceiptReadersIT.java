package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdErrorCode;
import com.apicatalog.jsonld.document.JsonDocument;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Receipts as others read and verify them: Node, npm's jose, and a JSON-LD processor. */
@SuppressWarnings("NullAway.Init") // set before the first test
class ReceiptReadersIT extends SignedReceipts {
    private static final String DPV = "https://w3id.org/dpv#";

    /** Node imports the key from the key set and verifies the signature, where Node is installed. */
    @Test
    void node_verifies_the_signature_from_the_key_set() throws Exception {
        assumeThat(node("--version")).as("skipped: there is no node here").isZero();
        Website.Answer answer = receipt("application/json");
        Files.writeString(directory.resolve("receipt.json"), answer.response().body());
        Files.writeString(directory.resolve("jwks.json"), "{\"keys\":" + keys() + "}");
        Files.writeString(directory.resolve("signature"), answer.header("handoff-receipt-signature"));
        Files.writeString(directory.resolve("check.cjs"), """
                const crypto = require('node:crypto');
                const fs = require('node:fs');
                const [head, , signature] = fs.readFileSync('signature', 'utf8').split('.');
                const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url'));
                const jwk = JSON.parse(fs.readFileSync('jwks.json')).keys.find((each) => each.kid === kid && each.alg === alg);
                const key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
                const receipt = fs.readFileSync('receipt.json');
                const check = (payload) => crypto.verify(
                  null, Buffer.from(head + '.' + payload.toString('base64url')), key, Buffer.from(signature, 'base64url'));
                receipt[0] ^= 1;
                const changed = check(receipt);
                receipt[0] ^= 1;
                process.exit(check(receipt) && !changed && alg === 'EdDSA' ? 0 : 1);
                """);
        assertThat(node("check.cjs")).isZero();
    }

    private int node(String argument) throws InterruptedException {
        return run("node", argument);
    }

    private int run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException notThere) {
            return -1;
        }
    }

    /** npm's jose, in the script documented for readers of a receipt; where node, npm and npm's registry are available. */
    @Test
    void jose_verifies_the_signature_of_both_forms_and_of_nothing_else() throws Exception {
        Path script = Path.of("..", "docs", "check-receipt");
        for (String file : List.of("package.json", "package-lock.json", "check-receipt.mjs")) {
            Files.copy(script.resolve(file), directory.resolve(file));
        }
        assumeThat(run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
                .as("skipped: npm's jose cannot be had here")
                .isZero();
        Files.writeString(directory.resolve("keys.json"), "{\"keys\":" + keys() + "}");
        Files.writeString(directory.resolve("other-keys.json"), "{\"keys\":[" + keys().get(1) + "]}");
        for (String accept : List.of("application/json", "application/ld+json")) {
            Website.Answer answer = receipt(accept);
            Files.writeString(directory.resolve("body"), answer.response().body());
            Files.writeString(
                    directory.resolve("changed"), answer.response().body().replace("Portal AS", "Portal AB"));
            Files.writeString(directory.resolve("jws"), answer.header("handoff-receipt-signature"));

            assertThat(run("node", "check-receipt.mjs", "body", "jws", "keys.json"))
                    .isZero();
            assertThat(run("node", "check-receipt.mjs", "changed", "jws", "keys.json"))
                    .isEqualTo(1);
            assertThat(run("node", "check-receipt.mjs", "body", "jws", "other-keys.json"))
                    .isEqualTo(1);
            assertThat(run("node", "check-receipt.mjs", "body", "nothing", "keys.json"))
                    .isEqualTo(2);
        }
    }

    /** A JSON-LD processor without network reads the receipt as a graph of DPV's terms, and drops no member. */
    @Test
    void a_json_ld_library_reads_it_as_terms_of_the_data_privacy_vocabulary() throws Exception {
        String body = receipt("application/ld+json").response().body();
        JsonNode root = new ObjectMapper()
                .readTree(JsonLd.expand(JsonDocument.of(new StringReader(body)))
                        .loader((uri, options) -> {
                            throw new JsonLdError(JsonLdErrorCode.LOADING_DOCUMENT_FAILED);
                        })
                        .get()
                        .toString())
                .get(0);

        assertThat(root.path("@id").asText()).isEqualTo("urn:uuid:" + id);
        assertThat(type(root)).isEqualTo(DPV + "ConsentReceipt");
        assertThat(root.at(pointer("http://purl.org/dc/terms/conformsTo", "@id"))
                        .asText())
                .isEqualTo("https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr");
        assertThat(type(part(root, "hasDataSubject"))).isEqualTo(DPV + "DataSubject");
        assertThat(type(part(root, "hasNotice"))).isEqualTo(DPV + "ConsentNotice");
        assertThat(type(part(root, "hasConsentStatus"))).isEqualTo(DPV + "ConsentGiven");
        JsonNode process = part(root, "hasProcess");
        assertThat(type(part(process, "hasPurpose"))).isEqualTo(DPV + "Purpose");
        assertThat(part(process, "hasLegalBasis").path("@id").asText())
                .isEqualTo("https://w3id.org/dpv/legal/eu/gdpr#A6-1-a");
        assertThat(part(process, "hasJurisdiction").path("@id").asText()).isEqualTo("https://w3id.org/dpv/loc#NO");
        assertThat(type(part(process, "hasPersonalData"))).isEqualTo(DPV + "PersonalData");
        assertThat(part(process, "hasStorageCondition")
                        .at(pointer("http://purl.org/dc/terms/valid", "@type"))
                        .asText())
                .isEqualTo("http://www.w3.org/2001/XMLSchema#dateTime");
        assertThat(type(part(process, "hasConsentControl"))).isEqualTo(DPV + "WithdrawConsent");
        JsonNode controller = part(process, "hasDataController");
        assertThat(type(controller)).isEqualTo(DPV + "DataController");
        assertThat(part(controller, "hasName").path("@value").asText()).isEqualTo("Portal AS");
        assertThat(process.path(DPV + "hasRecipient"))
                .extracting(
                        recipient -> part(recipient, "hasName").path("@value").asText())
                .containsExactlyInAnyOrder("fjord-markets", "nordlys-invest");

        // A processor silently drops what a context does not define.
        ObjectNode written = (ObjectNode) new ObjectMapper().readTree(body);
        written.remove("@context");
        assertThat(members(root)).isEqualTo(members(written));
    }

    private static JsonNode part(JsonNode node, String term) {
        return node.path(DPV + term).path(0);
    }

    private static String type(JsonNode node) {
        return node.path("@type").path(0).asText();
    }

    private static String pointer(String term, String member) {
        return "/" + term.replace("/", "~1") + "/0/" + member;
    }

    /** Number of members, except those that expansion adds to values. */
    private static long members(JsonNode node) {
        long own = node.properties().stream()
                .filter(member -> !List.of("@value", "@type", "@id").contains(member.getKey()))
                .count();
        for (JsonNode part : node) {
            own += members(part);
        }
        return own;
    }
}
