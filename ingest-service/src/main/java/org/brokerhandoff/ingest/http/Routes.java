package org.brokerhandoff.ingest.http;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.brokerhandoff.ingest.accept.ExtraMembers;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.ingest.cookies.CookieChoices;
import org.brokerhandoff.ingest.disclosure.DisclosureReception;
import org.brokerhandoff.ingest.disclosure.Disclosures;
import org.brokerhandoff.ingest.evidence.LedgerEvidence;
import org.brokerhandoff.ingest.feed.FeedStreams;
import org.brokerhandoff.ingest.intake.ContactReception;
import org.brokerhandoff.ingest.intake.Reception;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.policy.Documents;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ingest.rights.RightsRequests;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.withdraw.Withdrawals;

/** The routes of ingest, by path and method, and their description in OpenAPI. */
public final class Routes {
    private final List<Route> all;

    private Routes(List<Route> all) {
        this.all = all;
    }

    /** All routes. */
    public static Routes of(
            Signups signups,
            RegisterReader register,
            Withdrawals withdrawals,
            Published published,
            Receipts receipts,
            CookieChoices cookieChoices,
            Requests requests,
            FeedStreams feed) {
        return new Routes(table(
                SignupEndpoint.signups(signups.reception()::receive, receipts.promises()),
                SignupEndpoint.contactMessages(signups.contactReception()::receive),
                new StatusEndpoints(register, signups.blocking()),
                new ReceiptEndpoint(register, signups.blocking(), receipts.operator(), receipts.keys()),
                new EvidenceEndpoint(register, signups.blocking(), receipts.evidence()),
                new WithdrawalEndpoint(withdrawals, receipts.promises()),
                new PolicyEndpoint(published.policies(), published.clock()),
                new DocumentEndpoints(published.documents()),
                new CookieEndpoints(cookieChoices, register, signups.blocking(), published.clock()),
                new DisclosureEndpoints(
                        requests.reception(), requests.disclosures(), requests.reader(), published.clock()),
                new RightsEndpoints(requests.rights(), register, signups.extraMembers(), signups.blocking()),
                new FeedEndpoint(feed)));
    }

    /**
     * Intake of personal data.
     *
     * @param extraMembers free members that a person may have
     * @param blocking runs register queries
     */
    public record Signups(
            Reception reception, ContactReception contactReception, ExtraMembers extraMembers, Executor blocking) {}

    /** What the operator publishes. */
    public record Published(Policies policies, Documents documents, InstantSource clock) {}

    /** Requests for disclosure, and people's requests. */
    public record Requests(
            DisclosureReception reception, Disclosures disclosures, DisclosureReader reader, RightsRequests rights) {}

    /** The controller, the signing keys, the ledger's promise, and the source of its evidence. */
    public record Receipts(
            Optional<Operator> operator, ReceiptKeys keys, PromisedAnswers promises, LedgerEvidence evidence) {}

    List<Route> all() {
        return all;
    }

    static List<Route> table(
            Route.Endpoint signups,
            Route.Endpoint contactMessages,
            StatusEndpoints status,
            ReceiptEndpoint receipts,
            EvidenceEndpoint evidence,
            Route.Endpoint withdrawals,
            Route.Endpoint policies,
            DocumentEndpoints documents,
            CookieEndpoints cookies,
            DisclosureEndpoints disclosures,
            RightsEndpoints rights,
            FeedEndpoint feed) {
        List<Route> all = new ArrayList<>(disclosures(disclosures));
        all.addAll(rights(rights));
        all.addAll(List.of(
                new Route(HttpMethod.POST, "/v1/signups", Scope.WEBSITE, Route.Body.JSON, signups),
                Route.ofSignup(HttpMethod.GET, "/v1/signups/{id}", Route.Body.IGNORED, status::status),
                new Route(
                        HttpMethod.GET,
                        "/v1/signups/{id}/receipt",
                        Scope.WEBSITE,
                        Route.Body.IGNORED,
                        receipts::receipt),
                Route.ofSignup(HttpMethod.GET, "/v1/signups/{id}/evidence", Route.Body.IGNORED, evidence::evidence),
                Route.ofSignup(HttpMethod.POST, "/v1/signups/{id}/withdrawal", Route.Body.OPTIONAL_JSON, withdrawals),
                new Route(HttpMethod.POST, "/v1/contact-messages", Scope.WEBSITE, Route.Body.JSON, contactMessages),
                new Route(HttpMethod.GET, "/v1/events", Scope.WEBSITE, Route.Body.IGNORED, feed::events),
                new Route(HttpMethod.POST, "/v1/policies", Scope.ADMIN, Route.Body.DOCUMENT, policies),
                Route.published("/.well-known/jwks.json", receipts::keySet),
                Route.published("/v1/policies/current", documents::current),
                Route.published("/v1/policies/{id}", documents::text),
                new Route(HttpMethod.POST, "/v1/cookie-choices", Scope.WEBSITE, Route.Body.JSON, cookies::choose),
                new Route(
                        HttpMethod.GET, "/v1/cookie-choices/{id}", Scope.WEBSITE, Route.Body.IGNORED, cookies::present),
                new Route(
                        HttpMethod.POST,
                        "/v1/cookie-choices/{id}/withdrawal",
                        Scope.WEBSITE,
                        Route.Body.IGNORED,
                        cookies::withdraw)));
        return all;
    }

    private static List<Route> disclosures(DisclosureEndpoints disclosures) {
        String all = "/v1/disclosure-requests";
        return List.of(
                new Route(HttpMethod.POST, all, Scope.ADMIN, Route.Body.JSON, disclosures::enter),
                new Route(HttpMethod.GET, all, Scope.ADMIN, Route.Body.IGNORED, disclosures::list),
                new Route(HttpMethod.GET, all + "/{requestId}", Scope.ADMIN, Route.Body.IGNORED, disclosures::show),
                new Route(
                        HttpMethod.POST, all + "/{requestId}/question", Scope.ADMIN, Route.Body.JSON, disclosures::ask),
                new Route(
                        HttpMethod.POST,
                        all + "/{requestId}/decision",
                        Scope.ADMIN,
                        Route.Body.JSON,
                        disclosures::decide),
                new Route(
                        HttpMethod.POST,
                        all + "/{requestId}/release",
                        Scope.ADMIN,
                        Route.Body.IGNORED,
                        disclosures::release),
                Route.ofSignup(
                        HttpMethod.GET, "/v1/signups/{id}/questions", Route.Body.IGNORED, disclosures::questions),
                Route.ofSignup(
                        HttpMethod.POST,
                        "/v1/signups/{id}/questions/{questionId}/answer",
                        Route.Body.JSON,
                        disclosures::answer));
    }

    private static List<Route> rights(RightsEndpoints rights) {
        String all = "/v1/signups/{id}/rights-requests";
        String one = all + "/{requestId}";
        return List.of(
                Route.ofSignup(HttpMethod.POST, all, Route.Body.JSON, rights::ask),
                Route.ofSignup(HttpMethod.GET, all, Route.Body.IGNORED, rights::list),
                Route.ofSignup(HttpMethod.GET, one, Route.Body.IGNORED, rights::show),
                new Route(HttpMethod.POST, one + "/decision", Scope.ADMIN, Route.Body.JSON, rights::decide),
                new Route(HttpMethod.POST, one + "/extension", Scope.ADMIN, Route.Body.JSON, rights::extend),
                new Route(HttpMethod.GET, "/v1/rights-requests", Scope.ADMIN, Route.Body.IGNORED, rights::open));
    }

    /** The description of the interface. */
    static byte[] openApi() {
        return resource("openapi.yaml");
    }

    /** The description of the topics and their events. */
    static byte[] asyncApi() {
        return resource("asyncapi.yaml");
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Routes.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(stream, name + " is missing").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
