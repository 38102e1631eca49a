package org.brokerhandoff.website.http;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.website.form.FormBody;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.form.RequestBody;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.ingest.IngestReply;
import org.brokerhandoff.website.page.CookieBox;
import org.brokerhandoff.website.page.Texts;
import org.brokerhandoff.website.visit.CookieChoice;
import org.brokerhandoff.website.visit.CookieChoice.Kind;

/** The choice of cookies: from the banner of each page, or on its own page, at any time. */
final class CookiePages {
    private static final List<String> PAGES = List.of("", "status", "contact", "privacy", "cookies", "withdraw");

    private final IngestClient ingest;
    private final Documents documents;
    private final FormTokens tokens;
    private final Replies replies;
    private final InstantSource clock;

    CookiePages(IngestClient ingest, Documents documents, FormTokens tokens, Replies replies, InstantSource clock) {
        this.ingest = ingest;
        this.documents = documents;
        this.tokens = tokens;
        this.replies = replies;
        this.clock = clock;
    }

    Future<Void> show(WebRequest request) {
        return show(request, 200, false);
    }

    private Future<Void> show(WebRequest request, int status, boolean outdated) {
        return documents
                .current(Documents.Kind.COOKIES, request.language())
                .compose(policy -> policy.isEmpty()
                        ? replies.message(request, 503, "unavailable")
                        : replies.page(
                                request,
                                status,
                                "cookies",
                                Map.of(
                                        "token", tokens.next(request.session()),
                                        "policy", policy.get(),
                                        "kinds", boxes(request),
                                        "now", now(request),
                                        "saved", request.asks("saved"),
                                        "outdated", outdated,
                                        // This page has the choice in its middle.
                                        "banner", false)));
    }

    private static List<CookieBox> boxes(WebRequest request) {
        return Arrays.stream(Kind.values())
                .map(kind -> new CookieBox(
                        kind.id(),
                        name(request, kind),
                        Texts.text(request.language(), "kindHint_" + kind.id()),
                        request.choice().stream()
                                .anyMatch(choice -> choice.accepted().contains(kind))))
                .toList();
    }

    private static String name(WebRequest request, Kind kind) {
        return Texts.text(request.language(), "kind_" + kind.id());
    }

    private static String now(WebRequest request) {
        Optional<CookieChoice> choice = request.choice();
        if (choice.isEmpty()) {
            return Texts.text(request.language(), "cookiesRefusedYet");
        }
        return choice.get().accepted().isEmpty()
                ? Texts.text(request.language(), "cookiesAllRefused")
                : choice.get().accepted().stream()
                        .sorted()
                        .map(kind -> name(request, kind))
                        .collect(Collectors.joining(", "));
    }

    Future<Void> choose(WebRequest request, FormBody form, String token) {
        String button = form.chosen("choice").orElse("");
        Set<Kind> accepted = accepted(button, form);
        Optional<UUID> visitor = request.choice().map(CookieChoice::visitor);
        if (accepted.isEmpty() && visitor.isPresent()) {
            // A refusal counts in this browser whatever becomes of its record.
            request.keep(new CookieChoice(visitor.get(), accepted));
        }
        RequestBody choice = RequestBody.cookieChoice(
                visitor.map(UUID::toString),
                Arrays.stream(Kind.values()).collect(Collectors.toMap(Kind::id, accepted::contains)),
                accepted.isEmpty() ? Optional.empty() : form.chosen("document"),
                button.equals("kinds") ? "preference-centre" : "banner",
                clock.instant());
        return ingest.chooseCookies(choice).compose(reply -> answer(request, form, accepted, reply));
    }

    private static Set<Kind> accepted(String button, FormBody form) {
        Set<Kind> accepted = EnumSet.noneOf(Kind.class);
        if (button.equals("accept")) {
            accepted.addAll(EnumSet.allOf(Kind.class));
        } else if (button.equals("kinds")) {
            form.all("kinds").forEach(id -> Kind.named(id).ifPresent(accepted::add));
        }
        return accepted;
    }

    private Future<Void> answer(WebRequest request, FormBody form, Set<Kind> accepted, IngestReply reply) {
        if (reply.successful()) {
            request.keep(new CookieChoice(
                    UUID.fromString(reply.json().path("visitorId").asText()), accepted));
            String page = form.chosen("page").filter(PAGES::contains).orElse("");
            return replies.goTo(request, request.path(page.equals("cookies") ? "cookies?saved" : page));
        }
        if (reply.mayWorkLater()) {
            return replies.message(request, 503, "unavailable");
        }
        if (reply.json().path("code").asText().startsWith("policy-")
                || reply.json().path("errors").findValuesAsText("pointer").contains("/documentSha256")) {
            documents.forget();
            return request.byScript() ? replies.goTo(request, request.path("cookies")) : show(request, 422, true);
        }
        return Refusals.unexpected(replies, request, reply);
    }
}
