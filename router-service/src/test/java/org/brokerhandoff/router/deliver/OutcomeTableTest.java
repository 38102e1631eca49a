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
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.SuspensionReason;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/delivery.md}, checked against what the router does for every status, body and time. */
class OutcomeTableTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final Path DOCUMENT = Path.of("..", "docs", "delivery.md");

    private static final Instant EXPIRY = NOW.plus(Duration.ofHours(20));
    private static final int LIMIT = 3;
    private static final OutcomeTable TABLE =
            new OutcomeTable(new Backoff(Duration.ofMillis(200), Duration.ofMinutes(1)), new Patience(3), LIMIT);

    private static OutcomeTable.Circumstances circumstances(boolean mayHaveIt, int unauthorizedInRow) {
        return new OutcomeTable.Circumstances(mayHaveIt, 1, false, unauthorizedInRow, EXPIRY);
    }

    /** What the table's words stand for. */
    private static String word(NextMove move) {
        if (move instanceof NextMove.Accepted accepted) {
            return accepted.duplicate() ? "accepted, duplicate" : "accepted";
        } else if (move instanceof NextMove.Refused refused) {
            return "refused " + refused.reason() + (refused.suspends().isPresent() ? ", stop broker" : "");
        } else if (move instanceof NextMove.RetryAt) {
            return "retry";
        } else if (move instanceof NextMove.Reconcile) {
            return "reconcile";
        } else if (move instanceof NextMove.Park) {
            return "park";
        }
        return "stop broker";
    }

    private static String word(int status, Optional<BrokerReply.Verdict> verdict, boolean mayHaveIt) {
        String once = word(outcome(status, verdict, mayHaveIt));
        String repeatedly = word(TABLE.after(
                new BrokerReply.Answered(status, verdict, Optional.empty()),
                circumstances(mayHaveIt, LIMIT),
                NOW,
                0.5));
        return once.equals(repeatedly) ? once : once + "; " + repeatedly + " after several";
    }

    private static List<Optional<BrokerReply.Verdict>> verdicts() {
        List<Optional<BrokerReply.Verdict>> verdicts = new ArrayList<>(List.of(Optional.empty()));
        for (BrokerReply.Verdict verdict : BrokerReply.Verdict.values()) {
            verdicts.add(Optional.of(verdict));
        }
        return verdicts;
    }

    private static NextMove outcome(int status, Optional<BrokerReply.Verdict> verdict, boolean mayHaveIt) {
        return TABLE.after(
                new BrokerReply.Answered(status, verdict, Optional.empty()), circumstances(mayHaveIt, 1), NOW, 0.5);
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
                            .append(word(status, verdict, mayHaveIt))
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
                String means = word(example, verdict, false) + " | " + word(example, verdict, true);
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
            assertThat(outcome(status, Optional.empty(), true)).isNotInstanceOf(NextMove.Refused.class);
        }
        assertThat(outcome(422, Optional.of(BrokerReply.Verdict.REJECTED), true))
                .isEqualTo(new NextMove.Refused(RefusalReason.REJECTED, 422));
        assertThat(outcome(409, Optional.of(BrokerReply.Verdict.REJECTED), true))
                .isEqualTo(new NextMove.Refused(RefusalReason.CONFLICT, 409));
    }

    @Test
    void only_an_accepting_body_with_a_2xx_or_409_is_an_acceptance() {
        for (int status = 100; status < 700; status++) {
            for (Optional<BrokerReply.Verdict> verdict : verdicts()) {
                if (outcome(status, verdict, false) instanceof NextMove.Accepted) {
                    assertThat(verdict).isPresent();
                    assertThat(verdict.get()).isNotEqualTo(BrokerReply.Verdict.REJECTED);
                    assertThat(status / 100 == 2 || status == 409).isTrue();
                }
            }
        }
    }

    /** Whatever is not decided is recorded, as unknown wherever the broker may have got the whole of it. */
    @Test
    void what_is_recorded_says_whether_the_broker_may_have_it() {
        for (boolean mayHaveIt : List.of(false, true)) {
            assertThat(TABLE.after(
                            new BrokerReply.NotSent(NotSentReason.UNREACHABLE), circumstances(mayHaveIt, 0), NOW, 0.5))
                    .isEqualTo(new NextMove.RetryAt(NOW.plusMillis(100), AttemptOutcome.NOT_SENT, OptionalInt.empty()));
            assertThat(TABLE.after(new BrokerReply.NoReply(OptionalInt.of(200)), circumstances(mayHaveIt, 0), NOW, 0.5))
                    .isEqualTo(new NextMove.Reconcile(NOW.plusMillis(100), OptionalInt.of(200)));
        }
        assertThat(outcome(410, Optional.empty(), true))
                .isEqualTo(new NextMove.StopBroker(SuspensionReason.GONE, AttemptOutcome.UNKNOWN, OptionalInt.of(410)));
    }

    /** Each reply, each circumstance: there is an answer, in place only while patience and time last. */
    @Test
    void every_case_has_one_outcome_and_none_starts_an_attempt_when_the_time_is_over() {
        List<BrokerReply> replies = new ArrayList<>(List.of(
                new BrokerReply.NotSent(NotSentReason.UNREACHABLE), new BrokerReply.NoReply(OptionalInt.empty())));
        for (int status = 100; status < 700; status++) {
            for (Optional<BrokerReply.Verdict> verdict : verdicts()) {
                for (Optional<String> retryAfter :
                        List.of(Optional.<String>empty(), Optional.of("1"), Optional.of("90"))) {
                    replies.add(new BrokerReply.Answered(status, verdict, retryAfter));
                }
            }
        }
        for (BrokerReply reply : replies) {
            for (boolean mayHaveIt : List.of(false, true)) {
                for (boolean parked : List.of(false, true)) {
                    for (int made = 1; made < 5; made++) {
                        for (Duration left :
                                List.of(Duration.ofMillis(1), Duration.ofMillis(300), Duration.ofHours(1))) {
                            check(reply, new OutcomeTable.Circumstances(mayHaveIt, made, parked, 0, NOW.plus(left)));
                        }
                    }
                }
            }
        }
    }

    private static void check(BrokerReply reply, OutcomeTable.Circumstances circumstances) {
        NextMove move = TABLE.after(reply, circumstances, NOW, 0.5);
        Instant at = move instanceof NextMove.RetryAt retry
                ? retry.at()
                : move instanceof NextMove.Reconcile reconcile ? reconcile.at() : NOW;
        if (!at.equals(NOW)) {
            boolean inPlace = at.isBefore(circumstances.keyExpiry())
                    && circumstances.made() < 3
                    && !circumstances.parkedBefore()
                    && !at.isAfter(NOW.plusSeconds(1));
            if (!inPlace) {
                throw new AssertionError(reply + " " + circumstances + " " + move);
            }
        }
        boolean sure = move instanceof NextMove.Refused || move instanceof NextMove.Accepted;
        boolean unanswered = !(reply instanceof BrokerReply.Answered);
        if (sure && unanswered) {
            throw new AssertionError(reply + " " + move);
        }
    }

    @Test
    void retry_after_is_heard_with_every_reply_that_decides_nothing_and_a_long_one_parks() {
        for (int status : List.of(200, 302, 404, 429, 500, 503)) {
            AttemptOutcome recorded = status == 200 || status == 500 ? AttemptOutcome.UNKNOWN : AttemptOutcome.DEFERRED;
            for (String header : List.of("7", "Sun, 22 Nov 2026 13:00:07 GMT", "3, 7")) {
                assertThat(TABLE.after(
                                new BrokerReply.Answered(status, Optional.empty(), Optional.of(header)),
                                circumstances(false, 0),
                                Instant.parse("2026-11-22T13:00:00Z"),
                                0))
                        .isEqualTo(new NextMove.Park(
                                ParkingReason.BROKER_ASKED_TO_WAIT,
                                Optional.of(Instant.parse("2026-11-22T13:00:07Z")),
                                recorded,
                                OptionalInt.of(status)));
            }
        }
    }

    @Test
    void a_wrong_secret_stops_the_broker_only_when_it_is_said_repeatedly() {
        for (int status : List.of(401, 403)) {
            for (int inRow = 1; inRow < 6; inRow++) {
                NextMove move = TABLE.after(
                        new BrokerReply.Answered(status, Optional.empty(), Optional.empty()),
                        circumstances(false, inRow),
                        NOW,
                        0.5);
                assertThat(move.suspends().isPresent()).isEqualTo(inRow >= LIMIT);
            }
        }
    }
}
