package org.brokerhandoff.router.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * A made-up signup.
 *
 * @param signup as the router would have it
 * @param person the person's JSON
 */
public record SampleSignup(PendingSignup signup, String person) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("019aab00-0000-7000-8000-000000000001");

    /**
     * Reads a sample: the body of {@code POST /v1/signups}, or a person alone. It is used unchanged: ingest's checks and normalisation,
     * such as of telephone numbers, are not applied.
     *
     * @return empty if it is neither
     */
    public static Optional<SampleSignup> read(String json, Instant now) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        JsonNode person = root.path("person").isObject() ? root.get("person") : root;
        JsonNode country = person.path("country");
        if (!person.isObject() || !country.isTextual()) {
            return Optional.empty();
        }
        JsonNode consent = root.path("consent");
        Instant givenAt;
        try {
            givenAt = consent.path("givenAt").isTextual()
                    ? Instant.parse(consent.get("givenAt").textValue())
                    : now.minusSeconds(60);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        return Optional.of(new SampleSignup(
                new PendingSignup(
                        ID,
                        0,
                        0,
                        Optional.empty(),
                        now,
                        0,
                        0,
                        1,
                        now,
                        now,
                        now,
                        country.textValue(),
                        Optional.ofNullable(person.path("language").textValue()),
                        consent.path("policyVersion").asText("2026-11-01"),
                        List.of(Purpose.BROKER_HANDOFF),
                        List.of(),
                        givenAt,
                        Optional.empty(),
                        new PendingSignup.Sealed(new byte[0])),
                person.toString()));
    }

    /** The person's JSON in UTF-8. */
    byte[] personBytes() {
        return person.getBytes(StandardCharsets.UTF_8);
    }
}
