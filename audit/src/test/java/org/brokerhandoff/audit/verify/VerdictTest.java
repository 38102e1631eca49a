package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.PurgeReason;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");

    private static Verdict verdict(int good, int unpurged) {
        History history =
                new History(1).write(Life.policy(RECEIVED), Life.directory(RECEIVED), Life.examined(RECEIVED));
        for (int i = 0; i < good + unpurged; i++) {
            Life life = new Life(new UUID(1, i), 0, RECEIVED);
            history.write(life.granted(), life.assigned(Life.FJORD, 0, 10), life.delivered(Life.FJORD, 1, 20));
            if (i < good) {
                history.write(life.purged(PurgeReason.DELIVERED, 40));
            }
        }
        return history.verdict(RECEIVED.plusSeconds(5), true);
    }

    @Test
    void a_verdict_that_holds_says_what_was_read() {
        assertThat(verdict(1200, 0).render(Verdict.Style.PLAIN)).isEqualTo("""
                        read      4,803 events in 1 partition of each kept topic, 0 repeats among them
                        published 1 policy, 1 directory
                        signups   1,200 accepted, 1,200 delivered, 0 withdrawn, 0 never accepted
                        purged    1,200: 1,200 UNREACHABLE; 1,200 DELIVERED
                        open      0 at 2026-11-22T13:00:05Z

                        ok  all %d rules hold
                        """.formatted(Rules.ALL.size()));
    }

    @Test
    void people_see_twenty_violations_of_a_rule_and_the_number_of_the_others() {
        String text = verdict(1, 25).render(Verdict.Style.PLAIN);
        assertThat(text)
                .contains("BROKEN  purged-in-time  ")
                .contains("and 5 more\n")
                .doesNotContain("\u001b");
        assertThat(text.lines().filter(line -> line.contains("it is not purged")))
                .hasSize(20);
        assertThat(verdict(1, 20).render(Verdict.Style.PLAIN)).doesNotContain("more\n");
        assertThat(verdict(1, 1).render(Verdict.Style.COLOURED)).contains("\u001b[1;31mBROKEN");
    }

    @Test
    void programs_see_all_violations() throws Exception {
        JsonNode json = new ObjectMapper().readTree(verdict(3, 25).json());
        assertThat(json.get("holds").booleanValue()).isFalse();
        assertThat(json.get("violations")).hasSize(25);
        assertThat(json.at("/violations/0/signupId").textValue()).isEqualTo(new UUID(1, 3).toString());
        assertThat(json.at("/violations/0/rule").textValue()).isEqualTo("purged-in-time");
        assertThat(json.at("/counts/purgedByReason/DELIVERED").intValue()).isEqualTo(3);
        assertThat(json.get("rules")).hasSize(Rules.ALL.size());
    }
}
