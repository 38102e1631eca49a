package org.brokerhandoff.audit.authority;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.audit.authority.RecipientLetter.Answer;
import org.brokerhandoff.audit.authority.RecipientLetter.Outcome;
import org.jspecify.annotations.Nullable;

/** The log's content about one recipient, while it is read. */
final class RecipientDraft {
    final List<Instant> contacts = new ArrayList<>();
    Outcome outcome = Outcome.MAY_HAVE;
    /** Number of the last attempt that the outcome settles. */
    private int settled;

    @Nullable
    Instant decidedAt;

    final List<Answer> answers = new ArrayList<>();

    /** The first answer to a notice counts. */
    void answered(Answer answer) {
        if (answers.stream().noneMatch(answer::same)) {
            answers.add(answer);
        }
    }

    void contact(Instant startedAt, int attempt) {
        if (!contacts.contains(startedAt)) {
            contacts.add(startedAt);
        }
        if (outcome != Outcome.ACCEPTED && attempt > settled) {
            outcome = Outcome.MAY_HAVE;
            decidedAt = null;
        }
    }

    void decided(Outcome what, int attempts, Instant at) {
        outcome = what;
        settled = attempts;
        decidedAt = at;
    }
}
