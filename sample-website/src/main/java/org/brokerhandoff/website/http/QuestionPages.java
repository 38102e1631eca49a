package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.page.QuestionView;
import org.brokerhandoff.website.visit.Visits;

/** Puts questions whether data may be disclosed to the person whose registration this browser sent, and passes the answer on. */
final class QuestionPages {
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final IngestClient ingest;
    private final Visits visits;
    private final FormTokens tokens;
    private final Replies replies;
    private final InstantSource clock;

    QuestionPages(IngestClient ingest, Visits visits, FormTokens tokens, Replies replies, InstantSource clock) {
        this.ingest = ingest;
        this.visits = visits;
        this.tokens = tokens;
        this.replies = replies;
        this.clock = clock;
    }

    /** Whether a question waits for an answer; false, too, where that cannot be told now: the status is shown all the same. */
    Future<Boolean> waits(WebRequest request) {
        return signup(request)
                .map(id -> ingest.questions(id)
                        .map(reply -> QuestionView.of(reply.json(), request.language()).stream()
                                .anyMatch(QuestionView::open)))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    Future<Void> show(WebRequest request) {
        Optional<UUID> signup = signup(request);
        if (signup.isEmpty()) {
            return replies.goTo(request, request.path("status"));
        }
        return ingest.questions(signup.get()).compose(reply -> {
            if (reply.mayWorkLater()) {
                return replies.message(request, 503, "unavailable");
            }
            List<QuestionView> questions = QuestionView.of(reply.json(), request.language());
            return replies.page(
                    request, 200, "question", Map.of("questions", questions, "token", tokens.next(request.session())));
        });
    }

    Future<Void> answer(WebRequest request, FormBody form, String token) {
        Optional<UUID> signup = signup(request);
        Optional<String> question =
                form.chosen("question").filter(id -> ID.matcher(id).matches());
        Optional<String> answer = form.chosen("answer").filter(text -> text.equals("yes") || text.equals("no"));
        if (signup.isEmpty() || question.isEmpty() || answer.isEmpty()) {
            return replies.message(request, 400, "badRequest");
        }
        return ingest.answer(signup.get(), question.get(), answer.get().equals("yes"))
                .compose(reply -> {
                    // What was answered before, or too late, is shown by the page.
                    if (reply.successful() || reply.status() == CONFLICT || reply.status() == NOT_FOUND) {
                        return replies.goTo(request, request.path("question"));
                    }
                    return reply.mayWorkLater()
                            ? replies.message(request, 503, "unavailable")
                            : Refusals.unexpected(replies, request, reply);
                });
    }

    private Optional<UUID> signup(WebRequest request) {
        return visits.signup(request.session(), clock.instant());
    }
}
