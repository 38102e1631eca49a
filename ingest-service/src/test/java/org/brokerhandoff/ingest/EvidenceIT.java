package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Evidence is passed unchanged from the ledger to the signup's website and person; an unavailable ledger is reported. */
@SuppressWarnings("NullAway.Init") // set before the first test
class EvidenceIT extends RunningIngest {
    private static final String ABSENT = "handoff-evidence/v1\nkey 00\npartition 1\nabsent\n\nentry 0\n";

    private LedgerAnswers ledger;

    @Override
    IngestSettings settings(Path folder) throws IOException {
        ReceiptKeyMain.write(folder.resolve("receipt.pem"));
        ledger = new LedgerAnswers();
        return installation
                .settings()
                .with(new IngestSettings.Receipts(
                        Optional.empty(),
                        List.of(folder.resolve("receipt.pem")),
                        Optional.empty(),
                        Optional.of(ledger.origin())));
    }

    @AfterAll
    void stopLedger() {
        ledger.close();
    }

    @AfterEach
    void answersAgain() {
        ledger.body = LedgerAnswers.FILE;
        ledger.status = 200;
    }

    private String signUp() {
        return website.signUp(UUID.randomUUID().toString(), Website.body("Kari Nordmann"))
                .json()
                .path("signupId")
                .asText();
    }

    private Website.Answer evidence(String secret, String id) {
        return website.send(
                website.request("/v1/signups/" + id + "/evidence", secret).GET().build());
    }

    @Test
    void the_website_and_who_holds_the_receipt_get_the_file_as_the_ledger_made_it() {
        String id = signUp();
        String capability = website.get("/v1/signups/" + id + "/receipt")
                .json()
                .path("capability")
                .asText();
        for (String secret : List.of(Installation.WEBSITE, capability)) {
            Website.Answer answer = evidence(secret, id);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.response().body()).isEqualTo(LedgerAnswers.FILE);
            assertThat(answer.header("Content-Type")).startsWith("text/plain");
            assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"" + id + ".evidence\"");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        }
    }

    @Test
    void another_website_and_a_stranger_do_not_get_it() {
        String id = signUp();
        assertThat(evidence(Installation.OTHER_WEBSITE, id).code()).isEqualTo("unknown-signup");
        assertThat(evidence(Installation.WEBSITE, UUID.randomUUID().toString()).code())
                .isEqualTo("unknown-signup");
        assertThat(evidence("wrong", id).status()).isEqualTo(401);
    }

    @Test
    void what_no_checkpoint_covers_yet_and_a_ledger_that_fails_are_told_apart() {
        String id = signUp();
        ledger.body = ABSENT;
        Website.Answer early = evidence(Installation.WEBSITE, id);
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.code()).isEqualTo("evidence-not-committed");
        assertThat(early.header("Retry-After")).isEqualTo("60");

        for (int failing : List.of(404, 500, 503)) {
            ledger.status = failing;
            Website.Answer failed = evidence(Installation.WEBSITE, id);
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.code()).isEqualTo("evidence-unavailable");
            assertThat(failed.header("Retry-After")).isEqualTo("30");
        }
    }

    @Test
    void a_file_larger_than_any_reader_takes_is_not_passed_on() {
        String id = signUp();
        ledger.body = "x".repeat((16 << 20) + 1);
        assertThat(evidence(Installation.WEBSITE, id).code()).isEqualTo("evidence-unavailable");
    }
}
