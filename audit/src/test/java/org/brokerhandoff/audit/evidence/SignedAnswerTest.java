package org.brokerhandoff.audit.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.audit.Receipts;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.LeafPromise;
import org.brokerhandoff.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedAnswerTest {
    private static final UUID SIGNUP = UUID.fromString("0199d2a4-7c31-7abc-8def-0123456789ab");
    private static final LeafPromise PROMISE = new LeafPromise(
            "handoff.example.org/test/ledger/1",
            new Leaf.Place("consents", 3, 5120),
            Instant.parse("2026-11-22T13:00:01.123Z"),
            Hash.ZERO,
            Instant.parse("2026-11-23T13:00:01.123Z"));

    private final Receipts receipts = new Receipts();
    private final String body = Receipts.body(SIGNUP, PROMISE);

    private static SignedAnswer read(String body, String signature, String keySet) throws SignedAnswer.Invalid {
        return SignedAnswer.read(
                body.getBytes(StandardCharsets.UTF_8), signature, keySet.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_signed_answer_tells_its_signup_and_its_promise() throws Exception {
        assertThat(read(body, receipts.signature(body) + "\n", receipts.keySet()))
                .isEqualTo(new SignedAnswer(SIGNUP, PROMISE));
    }

    @Test
    void an_answer_that_was_changed_is_refused() {
        String signature = receipts.signature(body);
        assertThatThrownBy(() -> read(body.replace("5120", "5121"), signature, receipts.keySet()))
                .isInstanceOfSatisfying(
                        SignedAnswer.Invalid.class,
                        invalid -> assertThat(invalid.isUnreadable()).isFalse());
    }

    @Test
    void a_signature_by_another_key_of_the_same_name_is_refused() {
        assertThatThrownBy(() -> read(body, receipts.signature(body), new Receipts().keySet()))
                .isInstanceOf(SignedAnswer.Invalid.class)
                .hasMessageContaining("not the one that the key signed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "no JSON",
                "{\"signupId\":\"x\",\"leaf\":{}}",
                "{\"signupId\":\"0199d2a4-7c31-7abc-8def-0123456789ab\",\"leaf\":{\"topic\":\"consents\"}}"
            })
    void a_signed_answer_without_a_promise_is_no_receipt_of_one(String other) {
        assertThatThrownBy(() -> read(other, receipts.signature(other), receipts.keySet()))
                .isInstanceOfSatisfying(
                        SignedAnswer.Invalid.class,
                        invalid -> assertThat(invalid.isUnreadable()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "a..b", "!..!"})
    void what_is_no_signature_is_said_to_be_none(String signature) {
        assertThatThrownBy(() -> read(body, signature, receipts.keySet()))
                .isInstanceOfSatisfying(
                        SignedAnswer.Invalid.class,
                        invalid -> assertThat(invalid.isUnreadable()).isTrue());
    }

    @Test
    void without_its_key_in_the_key_set_nothing_is_said() {
        assertThatThrownBy(() -> read(body, receipts.signature(body), "{\"keys\":[]}"))
                .isInstanceOf(SignedAnswer.Invalid.class)
                .hasMessageContaining("does not have the key");
    }
}
