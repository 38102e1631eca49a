package org.brokerhandoff.registerservice.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.registerservice.notify.NoticeReplyRules.Asked;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.junit.jupiter.api.Test;

class NoticeReplyRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static NoticeReply answered(int status, NoticeReply.State... state) {
        return new NoticeReply.Answered(
                status, state.length == 0 ? Optional.empty() : Optional.of(state[0]), Optional.empty());
    }

    @Test
    void only_the_contracts_own_words_with_a_success_confirm_or_defer() {
        for (int status = 100; status < 600; status++) {
            boolean success = status / 100 == 2;
            assertThat(NoticeReplyRules.sent(answered(status, new NoticeReply.Completed())))
                    .isEqualTo(success ? NoticeOutcome.COMPLETED : NoticeOutcome.FAILED);
            assertThat(NoticeReplyRules.sent(answered(status, new NoticeReply.Pending())))
                    .isEqualTo(success ? NoticeOutcome.PENDING : NoticeOutcome.FAILED);
            assertThat(NoticeReplyRules.sent(answered(status))).isEqualTo(NoticeOutcome.FAILED);
        }
        assertThat(NoticeReplyRules.sent(new NoticeReply.NoAnswer())).isEqualTo(NoticeOutcome.NO_ANSWER);
    }

    @Test
    void a_refusal_counts_with_a_success_and_with_the_status_of_a_refusal() {
        NoticeReply.State refused = new NoticeReply.Refused(RightsGround.LEGAL_CLAIMS);
        for (int status = 100; status < 600; status++) {
            boolean counts = status / 100 == 2 || status == 409 || status == 422;
            NoticeReply reply = answered(status, refused);
            assertThat(NoticeReplyRules.sent(reply)).isEqualTo(counts ? NoticeOutcome.REFUSED : NoticeOutcome.FAILED);
            assertThat(NoticeReplyRules.refusal(reply))
                    .isEqualTo(counts ? Optional.of(RightsGround.LEGAL_CLAIMS) : Optional.empty());
            assertThat(NoticeReplyRules.asked(reply) == Asked.REFUSED).isEqualTo(counts);
        }
        assertThat(NoticeReplyRules.refusal(answered(200, new NoticeReply.Completed())))
                .isEmpty();
    }

    @Test
    void a_withdrawal_cannot_be_refused() {
        NoticeReply refusal = answered(200, new NoticeReply.Refused(RightsGround.LEGAL_CLAIMS));
        BrokerNotice withdrawal = new BrokerNotice(new UUID(1, 2), NoticeType.WITHDRAWAL, NOW, Optional.empty());
        BrokerNotice erasure = new BrokerNotice(new UUID(1, 2), NoticeType.ERASURE, NOW, Optional.of(new UUID(3, 4)));
        assertThat(NoticeReplyRules.about(erasure, refusal)).isEqualTo(refusal);
        NoticeReply said = NoticeReplyRules.about(withdrawal, refusal);
        assertThat(NoticeReplyRules.sent(said)).isEqualTo(NoticeOutcome.FAILED);
        assertThat(NoticeReplyRules.asked(said)).isEqualTo(Asked.LOST);
        NoticeReply completed = answered(200, new NoticeReply.Completed());
        assertThat(NoticeReplyRules.about(withdrawal, completed)).isEqualTo(completed);
        assertThat(NoticeReplyRules.about(withdrawal, new NoticeReply.NoAnswer()))
                .isEqualTo(new NoticeReply.NoAnswer());
    }

    @Test
    void a_question_that_could_not_be_answered_is_asked_again_and_one_that_finds_nothing_has_the_notice_sent_again() {
        for (int status = 100; status < 600; status++) {
            boolean passing = status == 429 || (status >= 500 && status != 501);
            assertThat(NoticeReplyRules.asked(answered(status)))
                    .as("%d", status)
                    .isEqualTo(passing ? Asked.PENDING : Asked.LOST);
        }
        assertThat(NoticeReplyRules.asked(new NoticeReply.NoAnswer())).isEqualTo(Asked.PENDING);
        assertThat(NoticeReplyRules.asked(answered(200, new NoticeReply.Completed())))
                .isEqualTo(Asked.COMPLETED);
        assertThat(NoticeReplyRules.asked(answered(200, new NoticeReply.Pending())))
                .isEqualTo(Asked.PENDING);
        assertThat(NoticeReplyRules.asked(answered(500, new NoticeReply.Completed())))
                .isEqualTo(Asked.PENDING);
    }

    @Test
    void retry_after_counts_in_both_forms_and_with_every_status() {
        assertThat(NoticeReplyRules.notBefore(new NoticeReply.Answered(500, Optional.empty(), Optional.of("120")), NOW))
                .contains(NOW.plusSeconds(120));
        assertThat(NoticeReplyRules.notBefore(
                        new NoticeReply.Answered(429, Optional.empty(), Optional.of("Sun, 22 Nov 2026 13:00:00 GMT")),
                        NOW))
                .contains(NOW.plusSeconds(3_600));
        assertThat(NoticeReplyRules.notBefore(
                        new NoticeReply.Answered(503, Optional.empty(), Optional.of("soon")), NOW))
                .isEmpty();
    }
}
