package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.website.NamedBroker;
import org.brokerhandoff.website.form.ConsentForm;
import org.brokerhandoff.website.form.FieldFault;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.form.RequestBody;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.ingest.IngestReply;
import org.brokerhandoff.website.page.BrokerBox;
import org.brokerhandoff.website.page.Countries;
import org.brokerhandoff.website.page.Language;
import org.brokerhandoff.website.page.PolicyText;
import org.brokerhandoff.website.page.Texts;
import org.brokerhandoff.website.visit.Visits;

/** The registration: the form as it is shown, and what is made of it. */
final class RegistrationPages {
    private final IngestClient ingest;
    private final Documents documents;
    private final Visits visits;
    private final FormTokens tokens;
    private final Replies replies;
    private final List<NamedBroker> brokers;
    private final InstantSource clock;

    RegistrationPages(
            IngestClient ingest,
            Documents documents,
            Visits visits,
            FormTokens tokens,
            Replies replies,
            List<NamedBroker> brokers,
            InstantSource clock) {
        this.ingest = ingest;
        this.documents = documents;
        this.visits = visits;
        this.tokens = tokens;
        this.replies = replies;
        this.brokers = brokers;
        this.clock = clock;
    }

    Future<Void> show(WebRequest request) {
        return show(request, 200, List.of());
    }

    private Future<Void> show(WebRequest request, int status, List<FieldFault> faults) {
        return documents
                .current(Documents.Kind.PRIVACY, request.language())
                .compose(policy -> policy.isPresent()
                        ? show(request, status, faults, policy.get())
                        : replies.message(request, 503, "unavailable"));
    }

    private Future<Void> show(WebRequest request, int status, List<FieldFault> faults, PolicyText policy) {
        Map<String, String> errors = Replies.errors(request, faults);
        return replies.page(
                request,
                status,
                "register",
                Map.of(
                        "token", tokens.next(request.session()),
                        "form", form(request.language(), policy),
                        "policy", policy,
                        "brokers", boxes(request.language()),
                        "countries", Countries.of(request.language()),
                        "registered",
                                visits.signup(request.session(), clock.instant())
                                        .isPresent(),
                        "errors", errors,
                        "hasErrors", !errors.isEmpty(),
                        "errorTitle", Replies.errorTitle(request, errors)));
    }

    /** What of the form bears on the consent, as plain text: what its digest is made of. */
    Future<Void> text(WebRequest request) {
        return documents
                .current(Documents.Kind.PRIVACY, request.language())
                .compose(policy -> policy.isPresent()
                        ? request.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                                .end(form(request.language(), policy.get()).text())
                        : replies.message(request, 503, "unavailable"));
    }

    Future<Void> submit(WebRequest request, FormBody body, String token) {
        return documents.current(Documents.Kind.PRIVACY, request.language()).compose(policy -> {
            if (policy.isEmpty()) {
                return replies.message(request, 503, "unavailable");
            }
            ConsentForm shown = form(request.language(), policy.get());
            // Only what was shown can be consented to.
            return shown.sha256().equals(body.chosen("form").orElse(""))
                    ? send(request, body, shown, token)
                    : refuse(request, List.of(new FieldFault("policy", "policy-superseded")));
        });
    }

    private Future<Void> send(WebRequest request, FormBody body, ConsentForm shown, String token) {
        List<String> recipients = body.all("recipients").stream()
                .filter(id -> brokers.stream().anyMatch(broker -> broker.id().equals(id)))
                .distinct()
                .toList();
        boolean again = visits.wasAccepted(token);
        RequestBody signup = RequestBody.signup(body, shown, recipients, visits.givenAt(token, clock.instant()));
        return ingest.signUp(signup, token).compose(reply -> answer(request, reply, token, again));
    }

    private Future<Void> answer(WebRequest request, IngestReply reply, String token, boolean again) {
        if (reply.successful()) {
            UUID id = UUID.fromString(reply.json().path("signupId").asText());
            request.renameSession(visits.accepted(
                    token, new Visits.Item(id, false), request.session(), tokens::newSession, clock.instant()));
            return replies.goTo(request, request.path(again ? "status?again" : "status"));
        }
        if (reply.mayWorkLater()) {
            return replies.message(request, 503, "unavailable");
        }
        visits.refused(token);
        List<FieldFault> faults = FieldFault.in(reply.json());
        return faults.isEmpty() ? Refusals.unexpected(replies, request, reply) : refuse(request, faults);
    }

    private Future<Void> refuse(WebRequest request, List<FieldFault> faults) {
        if (faults.stream().anyMatch(fault -> fault.field().equals("policy"))) {
            documents.forget();
        }
        return request.byScript()
                ? replies.faults(request, Replies.errors(request, faults))
                : show(request, 422, faults);
    }

    private List<BrokerBox> boxes(Language language) {
        return brokers.stream()
                .map(broker -> new BrokerBox(
                        broker.id(),
                        broker.name(),
                        Texts.text(language, "brokerIn")
                                .replace("{country}", Countries.name(broker.establishedIn(), language)),
                        broker.privacyPolicy().toString(),
                        Texts.text(language, "brokerPolicy").replace("{broker}", broker.name())))
                .toList();
    }

    private ConsentForm form(Language language, PolicyText policy) {
        List<String> lines = new ArrayList<>();
        for (String key : List.of(
                "registerTitle",
                "registerLead",
                "aboutYou",
                "fullName",
                "email",
                "country",
                "phone",
                "city",
                "brokersTitle",
                "brokersHint")) {
            lines.add(Texts.text(language, key));
        }
        for (BrokerBox broker : boxes(language)) {
            lines.add(broker.id() + ", " + broker.name() + ", " + broker.place() + ", " + broker.privacyPolicy());
        }
        for (String key : List.of("consentTitle", "consentText", "policyRead")) {
            lines.add(Texts.text(language, key));
        }
        lines.add(Texts.text(language, "version") + " " + policy.version() + ", " + Texts.text(language, "digest") + " "
                + policy.sha256());
        lines.add(Texts.text(language, "submitRegister"));
        return new ConsentForm(language.tag(), policy.version(), lines);
    }
}
