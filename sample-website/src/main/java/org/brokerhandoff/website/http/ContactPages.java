package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.website.form.FieldFault;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.form.RequestBody;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.ingest.IngestReply;
import org.brokerhandoff.website.visit.Visits;

/** The contact form. */
final class ContactPages {
    private final IngestClient ingest;
    private final Visits visits;
    private final FormTokens tokens;
    private final Replies replies;
    private final InstantSource clock;

    ContactPages(IngestClient ingest, Visits visits, FormTokens tokens, Replies replies, InstantSource clock) {
        this.ingest = ingest;
        this.visits = visits;
        this.tokens = tokens;
        this.replies = replies;
        this.clock = clock;
    }

    Future<Void> show(WebRequest request) {
        return show(request, 200, List.of());
    }

    private Future<Void> show(WebRequest request, int status, List<FieldFault> faults) {
        Map<String, String> errors = Replies.errors(request, faults);
        return replies.page(
                request,
                status,
                "contact",
                Map.of(
                        "token",
                        tokens.next(request.session()),
                        "errors",
                        errors,
                        "hasErrors",
                        !errors.isEmpty(),
                        "errorTitle",
                        Replies.errorTitle(request, errors)));
    }

    Future<Void> submit(WebRequest request, FormBody form, String token) {
        boolean again = visits.wasAccepted(token);
        return ingest.write(RequestBody.message(form, request.language().tag()), token)
                .compose(reply -> answer(request, reply, token, again));
    }

    private Future<Void> answer(WebRequest request, IngestReply reply, String token, boolean again) {
        if (reply.successful()) {
            UUID id = UUID.fromString(reply.json().path("messageId").asText());
            request.renameSession(visits.accepted(
                    token, new Visits.Item(id, true), request.session(), tokens::newSession, clock.instant()));
            return replies.goTo(request, request.path(again ? "status?again" : "status"));
        }
        if (reply.mayWorkLater()) {
            return replies.message(request, 503, "unavailable");
        }
        List<FieldFault> faults = FieldFault.in(reply.json());
        if (faults.isEmpty()) {
            return Refusals.unexpected(replies, request, reply);
        }
        return request.byScript()
                ? replies.faults(request, Replies.errors(request, faults))
                : show(request, 422, faults);
    }
}
