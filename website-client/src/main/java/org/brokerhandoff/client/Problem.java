package org.brokerhandoff.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An error as ingest tells it (RFC 9457). It has no values of the request.
 *
 * @param status of HTTP; 0 if there was no answer
 * @param code stable, such as {@code invalid-signup}; empty if the answer came from something else, such as a proxy
 * @param faults all that is wrong with the request; none if the code says it
 * @param currentPolicyVersion what the consent may name instead, where that is what is wrong
 */
public record Problem(int status, String code, List<Fault> faults, Optional<String> currentPolicyVersion) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One thing that is wrong.
     *
     * @param pointer where in the body (RFC 6901)
     * @param code stable, such as {@code email-invalid}
     * @param detail the rule, in English
     */
    public record Fault(String pointer, String code, String detail) {}

    /** Copies the list. */
    public Problem {
        faults = List.copyOf(faults);
    }

    static Problem of(int status, byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            json = JSON.missingNode();
        }
        List<Fault> faults = new ArrayList<>();
        for (JsonNode fault : json.path("errors")) {
            faults.add(new Fault(
                    fault.path("pointer").asText(),
                    fault.path("code").asText(),
                    fault.path("detail").asText()));
        }
        return new Problem(
                status,
                json.path("code").asText(""),
                faults,
                Optional.ofNullable(json.path("currentPolicyVersion").textValue()));
    }
}
