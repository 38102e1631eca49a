package org.brokerhandoff.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.ingest.accept.ExtraMembers;
import org.brokerhandoff.ingest.policy.PolicyVerdict;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ingest.rights.RightsOutcome;
import org.brokerhandoff.operations.http.RequestFault;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    /** Those that are answered outside the table of routes. */
    private static final List<String> OTHERS =
            List.of("GET /openapi.yaml", "GET /asyncapi.yaml", "GET /health/live", "GET /health/ready", "GET /metrics");

    @Test
    @SuppressWarnings("NullAway") // endpoints are not called here
    void the_description_names_exactly_the_routes_there_are() throws IOException {
        JsonNode paths = new YAMLMapper().readTree(Routes.openApi()).path("paths");
        List<String> described = new ArrayList<>();
        paths.properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        List<String> routed = Routes.table(
                        exchange -> {},
                        exchange -> {},
                        new StatusEndpoints(null, Runnable::run),
                        new ReceiptEndpoint(null, Runnable::run, Optional.empty(), ReceiptKeys.read(List.of())),
                        new EvidenceEndpoint(null, Runnable::run, null),
                        exchange -> {},
                        exchange -> {},
                        new DocumentEndpoints(null),
                        new CookieEndpoints(null, null, Runnable::run, null),
                        new DisclosureEndpoints(null, null, null, null),
                        new RightsEndpoints(null, null, ExtraMembers.ANY, Runnable::run),
                        new FeedEndpoint(null))
                .stream()
                .map(route -> route.method().name() + " " + route.path())
                .toList();

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(routed.stream(), OTHERS.stream()).toList());
    }

    /** The codes of a request's faults are literals next to their rules, so the code's text is what can be compared. */
    @Test
    void the_codes_of_faults_are_those_of_the_description_and_of_the_page() throws IOException {
        Set<String> inCode = new TreeSet<>(List.of(
                "version-invalid",
                "kind-invalid",
                "sha256-invalid",
                "effectiveAt-invalid",
                "recipient-unknown",
                "signup-unknown"));
        Pattern code = Pattern.compile("\"((?:[a-z]+-)+[a-z]+|required|duplicate)\"");
        try (Stream<Path> files = Files.list(Path.of("src/main/java/org/brokerhandoff/ingest/accept"))) {
            for (Path file : files.toList()) {
                Matcher found = code.matcher(Files.readString(file));
                while (found.find()) {
                    inCode.add(found.group(1));
                }
            }
        }
        for (PolicyVerdict.Reason reason : PolicyVerdict.Reason.values()) {
            inCode.add(reason.code());
        }

        List<String> described = codes("/components/schemas/Problem/properties/errors/items/properties/code/enum");
        assertThat(described).containsExactlyInAnyOrderElementsOf(inCode);
        String page = Files.readString(Path.of("../docs/ingest.md"));
        assertThat(described).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void the_codes_of_problems_are_described_and_on_the_page() throws IOException {
        Set<String> inCode = new TreeSet<>();
        Pattern code = Pattern.compile("\\b[45]\\d\\d, \"([a-z-]+)\"|\\(\"([a-z-]+)\", Duration");
        for (Path folder : List.of(
                Path.of("src/main/java/org/brokerhandoff/ingest/http"),
                Path.of("src/main/java/org/brokerhandoff/ingest/intake"))) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Matcher found = code.matcher(Files.readString(file));
                    while (found.find()) {
                        inCode.add(found.group(1) == null ? found.group(2) : found.group(1));
                    }
                }
            }
        }
        for (RequestFault fault : RequestFault.values()) {
            inCode.add(fault.code());
        }
        for (RightsOutcome.Refusal refusal : RightsOutcome.Refusal.values()) {
            inCode.add(refusal.code());
        }
        assertThat(inCode).contains("custody-full", "unknown-signup", "internal-error", "uri-too-long");

        List<String> described = codes("/components/schemas/Problem/properties/code/enum");
        assertThat(described).containsAll(inCode);
        String page = Files.readString(Path.of("../docs/ingest.md"));
        assertThat(described).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    private static List<String> codes(String pointer) throws IOException {
        List<String> codes = new ArrayList<>();
        new YAMLMapper().readTree(Routes.openApi()).at(pointer).forEach(item -> codes.add(item.asText()));
        return codes;
    }

    @Test
    void a_path_matches_one_segment_for_its_parameter() {
        Route route = new Route(
                io.vertx.core.http.HttpMethod.GET,
                "/v1/signups/{id}/receipt",
                org.brokerhandoff.ingest.authentication.Scope.WEBSITE,
                Route.Body.IGNORED,
                exchange -> {});

        assertThat(route.match("/v1/signups/a-b/receipt")).hasValue(List.of("a-b"));
        assertThat(route.match("/v1/signups//receipt")).isEmpty();
        assertThat(route.match("/v1/signups/a/b/receipt")).isEmpty();
        assertThat(route.match("/v1/signups/receipt")).isEmpty();
        assertThat(route.match("/v1/signups/a/receipts")).isEmpty();
    }
}
