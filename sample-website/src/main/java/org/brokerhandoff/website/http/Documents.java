package org.brokerhandoff.website.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.page.Language;
import org.brokerhandoff.website.page.PolicyText;

/** The policies in force, as ingest has them; asked for again after some seconds. Belongs to one event loop. */
final class Documents {
    /** A consent to a text that was replaced in these seconds is refused by ingest, and the form is shown again. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final IngestClient ingest;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(PolicyText text, long atNanos) {}

    Documents(IngestClient ingest) {
        this.ingest = ingest;
    }

    /** A kind of document. */
    enum Kind {
        PRIVACY,
        COOKIES;

        String id() {
            return this == PRIVACY ? "privacy" : "cookies";
        }
    }

    /** The text in force; empty if there is none, or if ingest does not answer. */
    Future<Optional<PolicyText>> current(Kind kind, Language language) {
        String key = kind.id() + "/" + language.tag();
        Known last = known.get(key);
        if (last != null && System.nanoTime() - last.atNanos() < FRESH.toNanos()) {
            return Future.succeededFuture(Optional.of(last.text()));
        }
        return ingest.document(kind.id(), language.tag()).map(reply -> {
            JsonNode json = reply.json();
            if (!reply.successful() || !json.path("text").isTextual()) {
                return Optional.<PolicyText>empty();
            }
            PolicyText text = PolicyText.of(json, language);
            known.put(key, new Known(text, System.nanoTime()));
            return Optional.of(text);
        });
    }

    /** Forgets what is known: it was found to be superseded. */
    void forget() {
        known.clear();
    }
}
