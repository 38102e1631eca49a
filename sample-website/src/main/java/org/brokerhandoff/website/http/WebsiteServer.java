package org.brokerhandoff.website.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.Map;
import org.brokerhandoff.operations.http.BoundedHttpServer;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.ConnectionLimits;
import org.brokerhandoff.website.WebsiteSettings;
import org.brokerhandoff.website.form.FormTokens;
import org.brokerhandoff.website.ingest.IngestClient;
import org.brokerhandoff.website.page.PageTemplates;
import org.brokerhandoff.website.visit.Visits;

/** The website's listener: one event loop, which owns all that is remembered of visits. */
public final class WebsiteServer extends AbstractVerticle {
    /** Some megabytes. */
    private static final int MOST_VISITS = 10_000;

    private static final int MOST_CONNECTIONS = 256;
    private static final int MOST_CONNECTIONS_PER_ADDRESS = 128;

    private final WebsiteSettings settings;
    private final IngestClient ingest;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private volatile int port;

    /** A server that listens once it is deployed. */
    public WebsiteServer(WebsiteSettings settings, IngestClient ingest, MeterRegistry meters, InstantSource clock) {
        this.settings = settings;
        this.ingest = ingest;
        this.meters = meters;
        this.clock = clock;
    }

    /** The port that it listens on; 0 before it does. */
    public int port() {
        return port;
    }

    @Override
    public void start(Promise<Void> started) {
        ConnectionLimits limits = ConnectionLimits.of(MOST_CONNECTIONS, MOST_CONNECTIONS_PER_ADDRESS);
        new BoundedHttpServer(limits, "website", meters)
                .create(vertx, front())
                .listen(settings.port(), settings.host())
                .recover(CannotListen.at(settings.host(), settings.port(), "another port"))
                .<Void>map(listening -> {
                    port = listening.actualPort();
                    return null;
                })
                .onComplete(started);
    }

    private Front front() {
        Visits visits = new Visits(MOST_VISITS);
        FormTokens tokens = new FormTokens();
        Assets assets = new Assets();
        Documents documents = new Documents(ingest);
        Replies replies = new Replies(new PageTemplates(), tokens, documents, assets.version());
        RegistrationPages registration =
                new RegistrationPages(ingest, documents, visits, tokens, replies, settings.brokers(), clock);
        QuestionPages questions = new QuestionPages(ingest, visits, tokens, replies, clock);
        StatusPages status = new StatusPages(ingest, visits, tokens, replies, questions, clock);
        RightsPages rights = new RightsPages(ingest, visits, tokens, replies, settings.brokers(), clock);
        ContactPages contact = new ContactPages(ingest, visits, tokens, replies, clock);
        CookiePages choices = new CookiePages(ingest, documents, tokens, replies, clock);
        DocumentPages texts = new DocumentPages(ingest, documents, replies);
        return new Front(
                new Cookies(settings.https()),
                tokens,
                replies,
                assets,
                texts,
                Map.of(
                        "", registration::show,
                        "form.txt", registration::text,
                        "status", status::show,
                        "withdraw", status::ask,
                        "rights", rights::show,
                        "receipt", status::receipt,
                        "question", questions::show,
                        "contact", contact::show,
                        "privacy", texts::privacy,
                        "cookies", choices::show),
                Map.of(
                        "register", registration::submit,
                        "withdraw", status::withdraw,
                        "rights", rights::ask,
                        "question", questions::answer,
                        "contact", contact::submit,
                        "cookies", choices::choose));
    }
}
