package org.brokerhandoff.website.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {
    private static FormBody parse(String body) throws FormBody.Malformed {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return FormBody.parse(bytes, bytes.length);
    }

    private static String json(RequestBody body) {
        return new String(body.copy(), StandardCharsets.UTF_8);
    }

    @Test
    void fields_are_decoded_as_browsers_encode_them() throws FormBody.Malformed {
        FormBody form = parse("a=1+2&b=%C3%A5%2B&empty=&&alone&a=3");
        assertThat(form.all("a")).containsExactly("1 2", "3");
        assertThat(form.chosen("b")).contains("å+");
        assertThat(form.written("empty")).isEmpty();
        assertThat(form.written("alone")).isEmpty();
        assertThat(form.chosen("none")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%1", "a=%g1", "a=%1g", "%zz=1", "a=%c3%28", "a=%ed%a0%80", "a=%f8%88%80%80%80"})
    void what_is_broken_is_refused(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOf(FormBody.Malformed.class)
                .hasMessage(null);
    }

    @Test
    void too_many_fields_and_too_long_names_are_refused() {
        assertThatThrownBy(() -> parse("a=1&".repeat(65))).isInstanceOf(FormBody.Malformed.class);
        assertThatThrownBy(() -> parse("n".repeat(41) + "=1")).isInstanceOf(FormBody.Malformed.class);
    }

    @Test
    void what_was_written_is_overwritten_in_the_end() throws FormBody.Malformed {
        FormBody form = parse("fullName=Kari");
        byte[] name = form.written("fullName").orElseThrow();
        form.close();
        assertThat(name).containsOnly(0);
    }

    @Test
    void a_signup_has_what_was_written_and_what_was_shown() throws FormBody.Malformed {
        ConsentForm shown = new ConsentForm("nb", "7", List.of("one", "two"));
        FormBody form = parse("fullName=Kari+%22N%22%0D%0A%5C&email=k%40example.no&country=NO&phone=&city=B%C3%B8");
        RequestBody body = RequestBody.signup(form, shown, List.of("fjord"), Instant.parse("2026-11-01T10:00:00Z"));
        assertThat(json(body))
                .isEqualTo(
                        "{\"person\":{\"fullName\":\"Kari \\\"N\\\"\\n\\\\\",\"email\":\"k@example.no\",\"country\":\"NO\","
                                + "\"language\":\"nb\",\"extra\":{\"city\":\"Bø\"}},\"consent\":{\"policyVersion\":\"7\","
                                + "\"purposes\":[\"broker-handoff\"],\"recipients\":[\"fjord\"],\"givenAt\":\"2026-11-01T10:00:00Z\","
                                + "\"method\":\"registration-form\",\"formSha256\":\""
                                // What sha256sum says of the two lines.
                                + "c3f9c8c283a2b1f2f1896f27a01cbe3cddc0c9d93f752e4639035a0f5b36f6e8\"}}");
    }

    @Test
    void an_empty_form_becomes_a_body_without_members_for_ingest_to_name_them() throws FormBody.Malformed {
        assertThat(json(RequestBody.message(parse("name=&text="), "en"))).isEqualTo("{\"language\":\"en\"}");
    }

    @Test
    void a_long_message_is_written_whole() throws FormBody.Malformed {
        String text = "å".repeat(4000);
        assertThat(json(RequestBody.message(parse("text=" + text), "en"))).contains("\"" + text + "\"");
    }

    @Test
    void a_token_fits_the_session_it_was_made_for_and_no_other() {
        FormTokens tokens = new FormTokens();
        String session = tokens.newSession();
        String token = tokens.next(session);
        assertThat(tokens.fits(token, session)).isTrue();
        assertThat(tokens.fits(token, tokens.newSession())).isFalse();
        assertThat(tokens.fits(token + "x", session)).isFalse();
        assertThat(tokens.fits("x" + token, session)).isFalse();
        assertThat(tokens.fits("", session)).isFalse();
        assertThat(tokens.fits(".", session)).isFalse();
        assertThat(new FormTokens().fits(token, session)).isFalse();
        // It is ingest's idempotency key.
        assertThat(token).matches("[!-+\\--~]{20,100}").isNotEqualTo(tokens.next(session));
    }
}
