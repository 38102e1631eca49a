package org.brokerhandoff.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    /** Those that are answered outside the table of routes. */
    private static final List<String> OTHERS =
            List.of("GET /openapi.yaml", "GET /health/live", "GET /health/ready", "GET /metrics");

    @Test
    @SuppressWarnings("NullAway") // endpoints are not called here
    void the_description_names_exactly_the_routes_there_are() throws IOException {
        JsonNode paths = new YAMLMapper().readTree(HttpSurface.openApi()).path("paths");
        List<String> described = new ArrayList<>();
        paths.properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        List<String> routed = HttpSurface.routes(
                        exchange -> {},
                        exchange -> {},
                        new StatusEndpoints(null, Runnable::run),
                        exchange -> {},
                        exchange -> {})
                .stream()
                .map(route -> route.method().name() + " " + route.path())
                .toList();

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(routed.stream(), OTHERS.stream()).toList());
    }

    @Test
    void every_reference_of_the_description_leads_somewhere() throws IOException {
        JsonNode root = new YAMLMapper().readTree(HttpSurface.openApi());
        assertThat(root.findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(
                        reference -> assertThat(root.at(reference.substring(1)).isMissingNode())
                                .describedAs(reference)
                                .isFalse());
    }

    @Test
    void a_path_matches_one_segment_for_its_parameter() {
        Route route = new Route(
                io.vertx.core.http.HttpMethod.GET,
                "/v1/signups/{id}/receipt",
                org.brokerhandoff.ingest.authentication.Scope.WEBSITE,
                Route.Body.IGNORED,
                exchange -> {});

        assertThat(route.match("/v1/signups/a-b/receipt")).hasValue("a-b");
        assertThat(route.match("/v1/signups//receipt")).isEmpty();
        assertThat(route.match("/v1/signups/a/b/receipt")).isEmpty();
        assertThat(route.match("/v1/signups/receipt")).isEmpty();
        assertThat(route.match("/v1/signups/a/receipts")).isEmpty();
    }
}
