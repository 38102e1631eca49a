package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The holder of a receipt acts on its signup, on no other and in no other way; and a withdrawal is recorded with its actual channel. */
@SuppressWarnings("NullAway.Init") // set before the first test
class CapabilityIT extends RunningIngest {
    private Path directory;

    @Override
    IngestSettings settings(Path folder) throws IOException {
        directory = folder;
        ReceiptKeyMain.write(directory.resolve("new.pem"));
        ReceiptKeyMain.write(directory.resolve("old.pem"));
        return installation
                .settings()
                .with(new IngestSettings.Receipts(
                        Optional.empty(), List.of(directory.resolve("new.pem"), directory.resolve("old.pem"))));
    }

    private String signUp() {
        return website.signUp(UUID.randomUUID().toString(), Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private Website.Answer get(String secret, String path) {
        return website.send(website.request(path, secret).GET().build());
    }

    private String capability(String id) {
        return get(Installation.WEBSITE, "/v1/signups/" + id + "/receipt")
                .json()
                .path("capability")
                .asText();
    }

    private Website.Answer withdraw(String secret, String id, String body) {
        HttpRequest.Builder request = website.request("/v1/signups/" + id + "/withdrawal", secret);
        return website.send(
                body.isEmpty()
                        ? request.POST(HttpRequest.BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build());
    }

    private List<ConsentWithdrawn> withdrawals(String id) {
        return LogReader.events(installation, Topic.CONSENTS, ConsentWithdrawn.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).toString().equals(id))
                .toList();
    }

    @Test
    void who_holds_the_receipt_reads_the_status_and_withdraws_and_the_log_says_that_it_was_by_the_receipt() {
        String id = signUp();
        String capability = capability(id);
        assertThat(capability).matches("hcap_[A-Za-z0-9_-]{43}").isEqualTo(capability(id));

        assertThat(get(capability, "/v1/signups/" + id).json().path("signupId").asText())
                .isEqualTo(id);
        // The holder's own statement of the method is ignored: it is the receipt.
        assertThat(withdraw(capability, id, "{\"method\":\"letter\"}").status()).isEqualTo(200);
        assertThat(withdrawals(id)).singleElement().satisfies(event -> {
            assertThat(event.getMethod()).isEqualTo(WithdrawalMethod.RECEIPT);
            assertThat(event.getActor()).isNull();
        });
        assertThat(withdraw(capability, id, "").json())
                .isEqualTo(withdraw(Installation.WEBSITE, id, "").json());
        assertThat(get(capability, "/v1/signups/" + id)
                        .json()
                        .at("/withdrawal/method")
                        .asText())
                .isEqualTo("receipt");
        assertThat(get(Installation.WEBSITE, "/v1/signups/" + id + "/receipt")
                        .json()
                        .at("/events/1/method")
                        .asText())
                .isEqualTo("receipt");
    }

    @Test
    void a_capability_is_of_use_for_one_signup_and_for_what_a_person_may_do() {
        String mine = signUp();
        String other = signUp();
        String capability = capability(mine);
        for (String path : List.of(
                "/v1/signups/" + other,
                "/v1/signups/" + mine + "/receipt",
                "/v1/cookie-choices/5b1d4c0e-9f4a-4b6e-8a53-0c2f0a6f7e11")) {
            assertThat(get(capability, path).status()).describedAs(path).isEqualTo(401);
        }
        assertThat(withdraw(capability, other, "").status()).isEqualTo(401);
        assertThat(withdrawals(other)).isEmpty();
        for (String path : List.of("/v1/signups", "/v1/contact-messages", "/v1/policies", "/v1/cookie-choices")) {
            assertThat(website.send(website.request(path, capability)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build())
                            .status())
                    .describedAs(path)
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hcap_", "hcap_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "shorter", "longer", "upper"})
    void a_token_that_is_not_exactly_the_capability_is_none(String kind) {
        String id = signUp();
        String capability = capability(id);
        String token = switch (kind) {
            case "shorter" -> capability.substring(0, capability.length() - 1);
            case "longer" -> capability + "A";
            case "upper" -> capability.toUpperCase(java.util.Locale.ROOT);
            default -> kind;
        };
        assertThat(get(token, "/v1/signups/" + id).status()).isEqualTo(401);
        assertThat(withdraw(token, id, "").status()).isEqualTo(401);
    }

    @Test
    void a_capability_outlives_the_rotation_of_the_key_and_ends_with_its_removal() {
        UUID id = UUID.randomUUID();
        Path oldKey = directory.resolve("old.pem");
        Path newKey = directory.resolve("new.pem");
        String before = ReceiptKeys.read(List.of(oldKey)).capability(id).orElseThrow();
        ReceiptKeys rotated = ReceiptKeys.read(List.of(newKey, oldKey));
        assertThat(rotated.isCapability(id, before)).isTrue();
        assertThat(rotated.capability(id).orElseThrow()).isNotEqualTo(before);
        assertThat(ReceiptKeys.read(List.of(newKey)).isCapability(id, before)).isFalse();
        assertThat(rotated.isCapability(UUID.randomUUID(), before)).isFalse();
        assertThat(ReceiptKeys.read(List.of()).capability(id)).isEmpty();
        assertThat(ReceiptKeys.read(List.of()).isCapability(id, before)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "e-mail,E_MAIL",
        "telephone,TELEPHONE",
        "letter,LETTER",
        "helpdesk,HELPDESK",
        "website-request,WEBSITE_REQUEST"
    })
    void a_withdrawal_that_came_another_way_than_by_the_website_is_recorded_as_what_it_is(
            String method, WithdrawalMethod recorded) {
        String id = signUp();
        assertThat(withdraw(Installation.WEBSITE, id, "{\"method\":\"" + method + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(withdrawals(id)).singleElement().satisfies(event -> {
            assertThat(event.getMethod()).isEqualTo(recorded);
            assertThat(event.getActor()).isEqualTo("website-1");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'method':'fax'}     | 422 | invalid-withdrawal",
                "{'method':'receipt'} | 422 | invalid-withdrawal",
                "{'why':'Kari'}       | 422 | invalid-withdrawal",
                "{                    | 400 | malformed-json"
            },
            quoteCharacter = '"')
    void a_body_that_says_something_else_is_refused_and_nothing_is_withdrawn(String body, int status, String code) {
        String id = signUp();
        Website.Answer answer = withdraw(Installation.WEBSITE, id, body.replace('\'', '"'));
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.response().body()).doesNotContain("Kari", "fax");
        assertThat(withdrawals(id)).isEmpty();
        assertThat(get(Installation.WEBSITE, "/v1/signups/" + id)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("RECEIVED");
    }
}
