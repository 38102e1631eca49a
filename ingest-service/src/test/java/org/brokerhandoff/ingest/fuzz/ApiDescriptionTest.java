package org.brokerhandoff.ingest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code openapi.yaml} itself: valid OpenAPI, with an example of everything, valid by its schema. */
class ApiDescriptionTest {
    private final ApiDescription description = ApiDescription.ofIngest();

    @Test
    void the_document_is_openapi_3_1_by_its_published_schema_and_every_reference_leads_somewhere() throws IOException {
        assertThat(description.faultsByOpenApi()).isEmpty();
        assertThat(description.root().findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                description.root().at(reference.substring(1)).isMissingNode())
                        .describedAs(reference)
                        .isFalse());
    }

    @Test
    void every_operation_has_an_example_of_what_it_takes_and_of_what_it_answers_and_each_is_valid() {
        List<String> faults = new ArrayList<>();
        for (ApiOperation operation : description.operations()) {
            JsonNode request = operation.node().path("requestBody");
            request.path("content")
                    .properties()
                    .forEach(content -> examples(operation + " takes", content.getValue(), faults));
            operation.node().path("responses").properties().forEach(response -> {
                String where = operation + " answers " + response.getKey();
                JsonNode resolved = description.resolved(response.getValue());
                if (resolved.path("content").isEmpty()) {
                    faults.add(where + " without content");
                }
                resolved.path("content").properties().forEach(content -> examples(where, content.getValue(), faults));
            });
        }
        assertThat(faults).isEmpty();
    }

    private void examples(String where, JsonNode content, List<String> faults) {
        if (ApiOperation.examples(content).isEmpty()) {
            faults.add(where + " without an example");
        }
        for (JsonNode example : ApiOperation.examples(content)) {
            description.faults(content.path("schema"), example).forEach(fault -> faults.add(where + ": " + fault));
        }
    }

    /** The check used by the other tests finds what it must find. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Problem | {'type':'about:blank','title':'t','status':422,'code':'made-up'}",
                "Problem | {'type':'about:blank','title':'t','status':422}",
                "Problem | {'type':'about:blank','title':'t','status':422,'code':'forbidden','more':1}",
                "Withdrawal | {'signupId':'1','outcome':'HANDOFF_STARTED','withdrawnAt':'2026-11-22T13:00:02Z'}",
                "Withdrawal | {'signupId':'0199d2a4-7c31-7abc-8def-0123456789ab','outcome':'HANDOFF_STARTED','withdrawnAt':'now'}",
                "RightsRequest | {'requestId':'0199d2a4-7c31-7abc-8def-0123456789ab'}"
            })
    void a_value_that_differs_from_its_schema_is_told(String schema, String value) throws IOException {
        JsonNode reference = new ObjectMapper().createObjectNode().put("$ref", "#/components/schemas/" + schema);
        assertThat(description.faults(reference, new ObjectMapper().readTree(value.replace('\'', '"'))))
                .isNotEmpty();
    }
}
