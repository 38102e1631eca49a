package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.website.NamedBroker;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.page.RightsView;
import org.brokerhandoff.website.visit.Visits;

/** What a person may ask for as to the registration that this browser sent, and what has become of it. */
final class RightsPages {
    private static final int NOT_FOUND = 404;

    private final IngestClient ingest;
    private final Visits visits;
    private final FormTokens tokens;
    private final Replies replies;
    private final InstantSource clock;
    private final Map<String, String> brokers;

    RightsPages(
            IngestClient ingest,
            Visits visits,
            FormTokens tokens,
            Replies replies,
            List<NamedBroker> brokers,
            InstantSource clock) {
        this.brokers = brokers.stream().collect(Collectors.toUnmodifiableMap(NamedBroker::id, NamedBroker::name));
        this.ingest = ingest;
        this.visits = visits;
        this.tokens = tokens;
        this.replies = replies;
        this.clock = clock;
    }

    Future<Void> show(WebRequest request) {
        Optional<UUID> signup = visits.signup(request.session(), clock.instant());
        if (signup.isEmpty()) {
            return replies.goTo(request, request.path("status"));
        }
        return ingest.requests(signup.get()).compose(reply -> {
            if (reply.mayWorkLater()) {
                return replies.message(request, 503, "unavailable");
            } else if (!reply.successful()) {
                return replies.goTo(request, request.path("status"));
            }
            return replies.page(
                    request,
                    200,
                    "rights",
                    Map.of(
                            "token", tokens.next(request.session()),
                            "choices", RightsView.choices(request.language()),
                            "requests",
                                    RightsView.of(reply.json(), request.language(), id -> brokers.getOrDefault(id, id))
                                            .requests()));
        });
    }

    /** A repeat of a request is the same request for ingest: a form that is sent twice does no harm. */
    Future<Void> ask(WebRequest request, FormBody form, String token) {
        Optional<UUID> signup = visits.signup(request.session(), clock.instant());
        Optional<String> right = form.chosen("right").filter(RightsView.OFFERED::contains);
        if (signup.isEmpty() || right.isEmpty()) {
            return replies.goTo(request, request.path("rights"));
        }
        return ingest.ask(signup.get(), right.get()).compose(reply -> {
            if (reply.successful() || reply.status() == NOT_FOUND) {
                return replies.goTo(request, request.path("rights"));
            }
            return reply.mayWorkLater()
                    ? replies.message(request, 503, "unavailable")
                    : Refusals.unexpected(replies, request, reply);
        });
    }
}
