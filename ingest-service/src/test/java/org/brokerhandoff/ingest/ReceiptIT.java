package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.ingest.http.PromisedAnswers;
import org.brokerhandoff.ingest.receipt.InvalidReceiptKeys;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts over HTTP: signed, with operator and recipients, in both forms; the signature is verified by independent code. */
@SuppressWarnings("NullAway.Init") // set before the first test
class ReceiptIT extends RunningIngest {
    private static final String DPV = "https://w3id.org/dpv#";
    private static final String LEDGER = "handoff.example.org/test/ledger/1";
    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();

    private Path directory;
    private String id;

    @Override
    IngestSettings settings(Path folder) throws IOException {
        directory = folder;
        ReceiptKeyMain.write(directory.resolve("new.pem"));
        ReceiptKeyMain.write(directory.resolve("old.pem"));
        Files.writeString(directory.resolve("operator.yaml"), """
                name: Portal AS
                address: Storgata 1, 0155 Oslo
                contact: privacy@portal.example
                jurisdiction: NO
                extraMembers: [city]
                """);
        return installation
                .settings()
                .with(new IngestSettings.Receipts(
                        Optional.of(directory.resolve("operator.yaml")),
                        List.of(directory.resolve("new.pem"), directory.resolve("old.pem")),
                        Optional.of(new PromisedAnswers.Promise(LEDGER, Duration.ofHours(24))),
                        Optional.empty()));
    }

    @BeforeAll
    void signUp() {
        id = website.signUp("receipt", Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private Website.Answer receipt(String accept) {
        return website.send(website.request("/v1/signups/" + id + "/receipt", Installation.WEBSITE)
                .header("Accept", accept)
                .GET()
                .build());
    }

    private JsonNode keys() {
        return website.send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + service.port() + "/.well-known/jwks.json"))
                        .build())
                .json()
                .path("keys");
    }

    @Test
    void a_receipt_names_the_operator_and_the_recipients_and_the_operator_is_in_the_log() {
        JsonNode receipt = receipt("application/json").json();
        assertThat(receipt.at("/parties").findValuesAsText("name")).contains("Portal AS", "fjord-markets");
        assertThat(receipt.at("/privacyNotice/href").asText()).isEqualTo("/v1/policies/" + "a".repeat(64));
        assertThat(receipt.at("/purposes/0/withdrawal/href").asText()).endsWith("/withdrawal");
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> assertThat(LogReader.events(installation, Topic.CONSENTS, OperatorPublished.class))
                        .extracting(OperatorPublished::getName)
                        .containsOnly("Portal AS"));
    }

    @Test
    void a_free_member_that_the_operator_does_not_list_is_refused_and_the_list_is_in_the_log() {
        Website.Answer refused =
                website.signUp("extra", Website.body("Kari Nordmann").replace("\"city\"", "\"shoeSize\""));
        assertThat(refused.json().path("errors").findValuesAsText("code")).containsExactly("member-not-allowed");
        assertThat(refused.response().body()).doesNotContain("shoeSize", "Bergen");
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .untilAsserted(() -> assertThat(LogReader.events(installation, Topic.CONSENTS, OperatorPublished.class))
                        .extracting(OperatorPublished::getExtraMembers)
                        .contains(List.of("city")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"preference-centre", "contact-form", "e-mail", "telephone", "letter", "helpdesk"})
    void a_consent_that_came_another_way_than_by_the_form_is_recorded_as_what_it_is(String method) {
        Website.Answer taken =
                website.signUp("by-" + method, Website.body("Kari Nordmann").replace("registration-form", method));
        assertThat(taken.status()).describedAs("%s", taken).isEqualTo(202);
        String given = taken.json().path("signupId").asText();

        assertThat(website.get("/v1/signups/" + given + "/receipt")
                        .json()
                        .at("/events/0/method")
                        .asText())
                .isEqualTo(method);
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(given))
                .extracting(event -> event.getMethod().name())
                .containsOnly(method.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Test
    void both_forms_are_signed_by_the_first_key_and_a_changed_receipt_is_not() throws Exception {
        assertThat(keys()).hasSize(2);
        JsonNode first = keys().get(0);
        JsonNode second = keys().get(1);
        for (String accept : List.of("application/json", "application/ld+json")) {
            Website.Answer answer = receipt(accept);
            assertThat(answer.header("Content-Type")).isEqualTo(accept);
            assertThat(answer.header("Vary")).isEqualToIgnoringCase("accept");
            String signature = answer.header("handoff-receipt-signature");
            String body = answer.response().body();

            assertThat(verified(first, signature, body)).isTrue();
            assertThat(verified(second, signature, body)).isFalse();
            assertThat(verified(first, signature, body.replace("broker-handoff", "broker-handofg")))
                    .isFalse();
        }
        assertThat(receipt("application/ld+json").json().path("@type").asText()).isEqualTo("dpv:ConsentReceipt");
    }

    /** The signed promise names the record in the log, by the hash that the ledger will have for it. */
    private void promises(Website.Answer answer, int status) throws Exception {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(status);
        assertThat(verified(
                        keys().get(0),
                        answer.header("handoff-receipt-signature"),
                        answer.response().body()))
                .isTrue();
        JsonNode leaf = answer.json().path("leaf");
        assertThat(leaf.path("ledger").asText()).isEqualTo(LEDGER);
        assertThat(Instant.parse(leaf.path("committedBy").asText()))
                .isBetween(
                        Instant.now().plus(Duration.ofHours(24)).minusSeconds(60),
                        Instant.now().plus(Duration.ofHours(24)));
        Leaf stored = LogReader.leaf(
                installation,
                Topic.CONSENTS,
                leaf.path("partition").asInt(),
                leaf.path("offset").asLong());
        assertThat(leaf.path("topic").asText()).isEqualTo("consents");
        assertThat(leaf.path("hash").asText()).isEqualTo(stored.hash().toString());
        assertThat(leaf.path("appendedAt").asText())
                .isEqualTo(((Leaf.Present) stored).appendedAt().toString());
        assertThat(((Leaf.Present) stored).key())
                .hasValue(SignupIds.bytes(
                        UUID.fromString(answer.json().path("signupId").asText())));
    }

    @Test
    void what_is_answered_to_a_signup_its_repeat_and_its_withdrawal_promises_the_leaf_of_the_event() throws Exception {
        String body = Website.body("Kari Nordmann");
        Website.Answer first = website.signUp("promised", body);
        promises(first, 202);
        Website.Answer repeated = website.signUp("promised", body);
        promises(repeated, 202);
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(repeated.json().at("/leaf/offset").asLong())
                .as("published again, since its position is not kept")
                .isGreaterThan(first.json().at("/leaf/offset").asLong());
        Website.Answer other = website.signUp("promised", body.replace("\"nordlys-invest\"", "\"kontinent-handel\""));
        assertThat(other.json().path("signupId")).isEqualTo(first.json().path("signupId"));
        assertThat(other.json().has("leaf"))
                .as("what it says was never published")
                .isFalse();

        String signup = first.json().path("signupId").asText();
        promises(website.withdraw(signup), 200);
        assertThat(website.withdraw(signup).json().has("leaf")).isFalse();
    }

    /** The JDK's own Ed25519, from the published key alone. */
    private static boolean verified(JsonNode jwk, String jws, String payload) throws Exception {
        String[] parts = jws.split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(parts[1]).isEmpty();
        byte[] x = BASE64URL.decode(jwk.path("x").asText());
        boolean odd = (x[31] & 0x80) != 0;
        x[31] &= 0x7f;
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = x[31 - i];
        }
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)))));
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        verifier.update((parts[0] + "." + encoded).getBytes(StandardCharsets.US_ASCII));
        return verifier.verify(BASE64URL.decode(parts[2]));
    }

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

    @Test
    void nobody_else_gets_a_receipt_and_everybody_gets_the_keys() {
        for (String key : List.of(Installation.OTHER_WEBSITE, Installation.ADMIN, "wrong")) {
            assertThat(website.send(website.request("/v1/signups/" + id + "/receipt", key)
                                    .GET()
                                    .build())
                            .status())
                    .isIn(401, 403, 404);
        }
        assertThat(keys().toString()).doesNotContain("\"d\"");
    }

    @Test
    void keys_that_cannot_be_used_are_refused_all_at_once(@TempDir Path other) throws Exception {
        Path readable = other.resolve("readable.pem");
        ReceiptKeyMain.write(readable);
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
        Path broken = Files.writeString(other.resolve("broken.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rw-------"));
        Path good = directory.resolve("new.pem");

        assertThatThrownBy(() -> ReceiptKeys.read(List.of(readable, broken, other.resolve("none"), good, good)))
                .isInstanceOf(InvalidReceiptKeys.class)
                .hasMessageContainingAll("readable.pem", "broken.pem", "none", "new.pem has the key")
                .message()
                .doesNotContain("AAAA");
        assertThat(ReceiptKeys.read(List.of()).signature(new byte[1])).isEmpty();
    }
}
