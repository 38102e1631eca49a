package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.RefusalReason;
import org.junit.jupiter.api.Test;

/** The reply table of {@code docs/delivery.md}, checked against the rules for every status and body. */
class ReplyRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Path DOCUMENT = Path.of("..", "docs", "delivery.md");

    /** What the table's words stand for. */
    private static String word(DeliveryOutcome outcome) {
        if (outcome instanceof DeliveryOutcome.Accepted accepted) {
            return accepted.duplicate() ? "accepted, duplicate" : "accepted";
        } else if (outcome instanceof DeliveryOutcome.Refused refused) {
            return "refused " + refused.reason();
        } else if (outcome instanceof DeliveryOutcome.Deferred) {
            return "deferred";
        }
        return "unknown";
    }

    private static List<Optional<BrokerReply.Verdict>> verdicts() {
        List<Optional<BrokerReply.Verdict>> verdicts = new ArrayList<>(List.of(Optional.empty()));
        for (BrokerReply.Verdict verdict : BrokerReply.Verdict.values()) {
            verdicts.add(Optional.of(verdict));
        }
        return verdicts;
    }

    private static DeliveryOutcome outcome(int status, Optional<BrokerReply.Verdict> verdict, boolean mayHaveIt) {
        return ReplyRules.outcome(new BrokerReply.Answered(status, verdict, Optional.empty()), NOW, mayHaveIt);
    }

    private static String verdictWord(Optional<BrokerReply.Verdict> verdict) {
        return verdict.map(value -> "`" + value.name().toLowerCase(Locale.ROOT) + "`")
                .orElse("none of these");
    }

    /** The rows as the rules give them: ranges of statuses that behave alike, each with each body. */
    static List<String> table() {
        Map<String, List<Integer>> statuses = new LinkedHashMap<>();
        for (int status = 200; status < 600; status++) {
            StringBuilder columns = new StringBuilder();
            for (boolean mayHaveIt : List.of(false, true)) {
                for (Optional<BrokerReply.Verdict> verdict : verdicts()) {
                    columns.append(verdictWord(verdict))
                            .append(mayHaveIt)
                            .append(word(outcome(status, verdict, mayHaveIt)))
                            .append('|');
                }
            }
            statuses.computeIfAbsent(columns.toString(), key -> new ArrayList<>())
                    .add(status);
        }
        List<String> rows = new ArrayList<>();
        for (Collection<Integer> alike : statuses.values()) {
            int example = alike.iterator().next();
            Map<String, List<String>> bodies = new LinkedHashMap<>();
            for (Optional<BrokerReply.Verdict> verdict : verdicts()) {
                String means = word(outcome(example, verdict, false)) + " | " + word(outcome(example, verdict, true));
                bodies.computeIfAbsent(means, key -> new ArrayList<>()).add(verdictWord(verdict));
            }
            bodies.forEach((means, words) -> rows.add("| " + ranges(List.copyOf(alike)) + " | "
                    + (words.size() == verdicts().size() ? "anything" : String.join(", ", words)) + " | " + means
                    + " |"));
        }
        return rows;
    }

    private static String ranges(List<Integer> statuses) {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < statuses.size(); i++) {
            int first = statuses.get(i);
            while (i + 1 < statuses.size() && statuses.get(i + 1) == statuses.get(i) + 1) {
                i++;
            }
            ranges.add(first == statuses.get(i) ? String.valueOf(first) : first + "–" + statuses.get(i));
        }
        return String.join(", ", ranges);
    }

    @Test
    void the_documents_table_is_what_the_rules_do() throws IOException {
        String document = Files.readString(DOCUMENT, StandardCharsets.UTF_8);
        List<String> rows = document.lines()
                .dropWhile(line -> !line.startsWith("| status | body says"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).isEqualTo(table());
    }

    @Test
    void a_refusal_needs_certainty_once_the_broker_may_have_the_signup() {
        for (int status = 100; status < 700; status++) {
            assertThat(outcome(status, Optional.empty(), true)).isNotInstanceOf(DeliveryOutcome.Refused.class);
        }
        assertThat(outcome(422, Optional.of(BrokerReply.Verdict.REJECTED), true))
                .isEqualTo(new DeliveryOutcome.Refused(RefusalReason.REJECTED, 422));
        assertThat(outcome(409, Optional.of(BrokerReply.Verdict.REJECTED), true))
                .isEqualTo(new DeliveryOutcome.Refused(RefusalReason.CONFLICT, 409));
    }

    @Test
    void only_an_accepting_body_with_a_2xx_or_409_is_an_acceptance() {
        for (int status = 100; status < 700; status++) {
            for (Optional<BrokerReply.Verdict> verdict : verdicts()) {
                if (outcome(status, verdict, false) instanceof DeliveryOutcome.Accepted) {
                    assertThat(verdict).isPresent();
                    assertThat(verdict.get()).isNotEqualTo(BrokerReply.Verdict.REJECTED);
                    assertThat(status / 100 == 2 || status == 409).isTrue();
                }
            }
        }
    }

    @Test
    void what_was_not_sent_is_deferred_and_what_was_not_answered_is_unknown() {
        for (boolean mayHaveIt : List.of(false, true)) {
            assertThat(ReplyRules.outcome(new BrokerReply.NotSent(), NOW, mayHaveIt))
                    .isEqualTo(new DeliveryOutcome.Deferred(OptionalInt.empty(), Optional.empty()));
            assertThat(ReplyRules.outcome(new BrokerReply.NoReply(OptionalInt.of(200)), NOW, mayHaveIt))
                    .isEqualTo(new DeliveryOutcome.Unknown(OptionalInt.of(200)));
        }
    }

    @Test
    void retry_after_is_heard_with_429_and_503() {
        for (int status : List.of(429, 503)) {
            assertThat(ReplyRules.outcome(
                            new BrokerReply.Answered(status, Optional.empty(), Optional.of("7")), NOW, false))
                    .isEqualTo(
                            new DeliveryOutcome.Deferred(OptionalInt.of(status), Optional.of(Duration.ofSeconds(7))));
        }
        assertThat(ReplyRules.outcome(new BrokerReply.Answered(404, Optional.empty(), Optional.of("7")), NOW, false))
                .isEqualTo(new DeliveryOutcome.Deferred(OptionalInt.of(404), Optional.empty()));
    }
}
