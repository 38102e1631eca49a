package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.ingest.IngestReply;
import org.brokerhandoff.website.page.StatusItem;
import org.brokerhandoff.website.page.StatusView;
import org.brokerhandoff.website.page.Texts;
import org.brokerhandoff.website.visit.Visits;

/** Where the things stand that this browser sent, and the withdrawal of its consent. */
final class StatusPages {
    private static final int NOT_FOUND = 404;

    private final IngestClient ingest;
    private final Visits visits;
    private final FormTokens tokens;
    private final Replies replies;
    private final QuestionPages questions;
    private final InstantSource clock;

    StatusPages(
            IngestClient ingest,
            Visits visits,
            FormTokens tokens,
            Replies replies,
            QuestionPages questions,
            InstantSource clock) {
        this.ingest = ingest;
        this.visits = visits;
        this.tokens = tokens;
        this.replies = replies;
        this.questions = questions;
        this.clock = clock;
    }

    Future<Void> show(WebRequest request) {
        List<Visits.Item> sent = visits.of(request.session(), clock.instant());
        List<Future<IngestReply>> answers =
                sent.stream().map(item -> ingest.status(item.id())).toList();
        return Future.join(answers).compose(all -> {
            if (answers.stream().anyMatch(answer -> answer.result().mayWorkLater())) {
                return replies.message(request, 503, "unavailable");
            }
            List<StatusItem> items = new java.util.ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                items.add(item(request, sent.get(i), answers.get(i).result()));
            }
            boolean settled = items.stream()
                    .flatMap(item -> item.view().stream())
                    .allMatch(view -> view.summary().settled());
            return questions
                    .waits(request)
                    .compose(question -> replies.page(
                            request,
                            200,
                            "status",
                            Map.of(
                                    "items",
                                    items,
                                    "settled",
                                    settled,
                                    "question",
                                    question,
                                    "again",
                                    request.asks("again"))));
        });
    }

    private static StatusItem item(WebRequest request, Visits.Item item, IngestReply answer) {
        return new StatusItem(
                Texts.text(request.language(), item.message() ? "statusMessage" : "statusRegistration"),
                item.message(),
                answer.successful()
                        ? List.of(StatusView.of(answer.json(), request.language(), item.message()))
                        : List.of());
    }

    /** Asks whether the consent shall be withdrawn. */
    Future<Void> ask(WebRequest request) {
        return signup(request).isPresent()
                ? replies.page(request, 200, "withdraw", Map.of("token", tokens.next(request.session())))
                : replies.goTo(request, request.path("status"));
    }

    Future<Void> withdraw(WebRequest request, FormBody form, String token) {
        Optional<UUID> signup = signup(request);
        if (signup.isEmpty()) {
            return replies.goTo(request, request.path("status"));
        }
        return ingest.withdraw(signup.get()).compose(reply -> {
            if (reply.successful() || reply.status() == NOT_FOUND) {
                return replies.goTo(request, request.path("status"));
            }
            return reply.mayWorkLater()
                    ? replies.message(request, 503, "unavailable")
                    : Refusals.unexpected(replies, request, reply);
        });
    }

    /** The receipt of the consent as ingest signed it, byte for byte. */
    Future<Void> receipt(WebRequest request) {
        Optional<UUID> signup = signup(request);
        if (signup.isEmpty()) {
            return replies.message(request, 404, "notFound");
        }
        return ingest.receipt(signup.get()).compose(reply -> {
            if (!reply.successful()) {
                return reply.mayWorkLater()
                        ? replies.message(request, 503, "unavailable")
                        : replies.message(request, 404, "notFound");
            }
            if (!reply.signature().isEmpty()) {
                request.response().putHeader("handoff-receipt-signature", reply.signature());
            }
            return request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader("Content-Disposition", "attachment; filename=\"receipt.json\"")
                    .end(reply.body());
        });
    }

    private Optional<UUID> signup(WebRequest request) {
        return visits.signup(request.session(), clock.instant());
    }
}
