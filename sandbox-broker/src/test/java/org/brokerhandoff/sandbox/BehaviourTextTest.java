package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourTextTest {
    private static Reaction react(String text, long total) {
        return BehaviourText.handoffs(text, 1)
                .reactTo(new HandoffFacts(new UUID(0, total), "NO", 1, (int) total, total));
    }

    @ParameterizedTest
    @CsvSource({
        "'',            Accept",
        "accept,        Accept",
        "refuse,        Refuse",
        "refuse:NO,     Refuse",
        "refuse:SE,     Accept",
        "conflict,      Refuse",
        "500,           Fail",
        "429:date,      Fail",
        "drop,          DropConnection",
        "drop-reply,    AcceptThenDropReply",
        "delay:5,       Delay",
        "late-reply:5,  AcceptThenReplyLate",
        "slow:1,        AcceptWithSlowReply",
        "huge:70000,    AcceptWithHugeReply",
        "endless,       AcceptWithEndlessReply",
        "malformed,     AcceptThenReply",
        "redirect,      Redirect",
        "'410@0, drop', DropConnection"
    })
    void each_clause_is_one_reaction(String text, String reaction) {
        assertThat(react(text, 1).getClass().getSimpleName()).isEqualTo(reaction);
    }

    @Test
    void shares_are_met_and_the_same_seed_gives_the_same_run() {
        String text = "drop-reply@0.05,500@0.05,429:2@0.02";
        long dropped = LongStream.rangeClosed(1, 20_000)
                .filter(n -> react(text, n) instanceof Reaction.AcceptThenDropReply)
                .count();
        assertThat(dropped).isBetween(900L, 1_100L);
        long accepted = LongStream.rangeClosed(1, 20_000)
                .filter(n -> react(text, n) instanceof Reaction.Accept)
                .count();
        assertThat(accepted).isBetween(17_400L, 18_000L);
        assertThat(LongStream.rangeClosed(1, 500).mapToObj(n -> react(text, n)))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 500)
                        .mapToObj(n -> react(text, n))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sulk", "600", "500@", "500@-1", "slow", "delay:x", "huge:-1", "redirect:not an address"})
    void what_makes_no_sense_is_refused(String text) {
        assertThatThrownBy(() -> BehaviourText.handoffs(text, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void notices_and_pings_have_texts_of_their_own() {
        UUID id = UUID.randomUUID();
        assertThat(BehaviourText.notices("503:2").reactTo(id, "withdrawal", 2)).isEqualTo(new NoticeReaction.Fail(503));
        assertThat(BehaviourText.notices("503:2").reactTo(id, "withdrawal", 3))
                .isEqualTo(new NoticeReaction.Complete());
        assertThat(BehaviourText.notices("pending:3").reactTo(id, "withdrawal", 1))
                .isEqualTo(new NoticeReaction.Pend(3));
        assertThat(BehaviourText.notices("refuse:legal-claims").reactTo(id, "erasure", 1))
                .isEqualTo(new NoticeReaction.Refuse("legal-claims"));
        assertThat(BehaviourText.notices("refuse:legal-claims").reactTo(id, "withdrawal", 1))
                .as("a withdrawal is not a broker's to refuse")
                .isEqualTo(new NoticeReaction.Complete());
        assertThat(BehaviourText.notices("silent").reactTo(id, "withdrawal", 9)).isEqualTo(new NoticeReaction.Silent());
        assertThat(BehaviourText.pings("reject").reactTo("NO")).isEqualTo(PingBehaviour.Reaction.REJECT);
        assertThat(BehaviourText.pings("503").reactTo("NO")).isEqualTo(PingBehaviour.Reaction.FAIL);
    }
}
