package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyParserTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final String REST = "'version':'1','language':'nb','effectiveAt':'2026-11-01T00:00:00Z'";

    @Test
    void the_digest_is_computed_from_the_bytes_of_the_text() {
        ParsedPolicy.Valid valid = valid("{'kind':'cookies','text':'På norsk\\n\\ud83d\\ude00'," + REST + "}");

        byte[] text = "På norsk\n\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        assertThat(valid.policy().kind()).isEqualTo(DocumentKind.COOKIES);
        assertThat(valid.policy().sha256()).isEqualTo(Digests.hex(Digests.sha256(text)));
        assertThat(valid.text().orElseThrow()).isEqualTo(text);
    }

    @Test
    void a_request_from_before_documents_had_texts_is_a_privacy_policy_without_its_text() {
        ParsedPolicy.Valid valid = valid("{'sha256':'" + "A".repeat(64) + "'," + REST + "}");

        assertThat(valid.policy().kind()).isEqualTo(DocumentKind.PRIVACY);
        assertThat(valid.policy().sha256()).isEqualTo("a".repeat(64));
        assertThat(valid.text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " \\n ", "a\\u0000b", "\\u001b[31m", "a\\u0085", "\\ud83d", "\\ude00x", "\\ud83d\\ud83d"})
    void what_is_no_text_is_refused(String text) {
        assertThat(codes("{'text':'" + text + "'," + REST + "}")).containsExactly("/text text-invalid");
    }

    @Test
    void the_bound_is_in_bytes_and_included() {
        int most = DocumentTexts.MOST_BYTES;
        assertThat(valid("{'text':'" + "a".repeat(most) + "'," + REST + "}")
                        .text()
                        .orElseThrow())
                .hasSize(most);
        assertThat(codes("{'text':'" + "a".repeat(most + 1) + "'," + REST + "}"))
                .containsExactly("/text text-invalid");
        assertThat(codes("{'text':'" + "å".repeat(most / 2 + 1) + "'," + REST + "}"))
                .containsExactly("/text text-invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'kind':'privacy',|/text required",
                "'kind':'Privacy','text':'t',|/kind kind-invalid",
                "'kind':1,'text':'t',|/kind not-a-string",
                "'text':'t','sha256':'00',|/sha256 sha256-invalid",
                "'text':['t'],|/text not-a-string",
                "'text':'t','text':'u',|\" duplicate-member\"",
                "'text':'t','title':'u',|\" unknown-member\"",
            })
    void each_fault_is_named(String members, String fault) {
        assertThat(codes("{" + members + REST + "}")).containsExactly(fault);
    }

    @Test
    void another_digest_than_the_texts_is_refused_and_the_right_one_taken() {
        String right = Digests.hex(Digests.sha256("t"));
        assertThat(valid("{'text':'t','sha256':'" + right + "'," + REST + "}")
                        .policy()
                        .sha256())
                .isEqualTo(right);
        assertThat(codes("{'text':'u','sha256':'" + right + "'," + REST + "}"))
                .containsExactly("/sha256 digest-mismatch");
    }

    @Test
    void all_faults_are_named_at_once() {
        assertThat(codes("{'kind':'x','version':'a b','text':' '}"))
                .containsExactlyInAnyOrder(
                        "/effectiveAt required",
                        "/language required",
                        "/kind kind-invalid",
                        "/version version-invalid",
                        "/text text-invalid");
    }

    private static ParsedPolicy.Valid valid(String json) {
        return (ParsedPolicy.Valid) parsed(json);
    }

    private static List<String> codes(String json) {
        return ((ParsedPolicy.Invalid) parsed(json))
                .faults().stream()
                        .map(fault -> fault.pointer() + " " + fault.code())
                        .toList();
    }

    private static ParsedPolicy parsed(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return PolicyParser.parse(body, body.length, NOW);
    }
}
