package org.brokerhandoff.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * What ingest answered to a request that it did. Keep body and signature of a receipt as they are: the bytes are what is signed.
 *
 * @param status 200, 201 or 202
 * @param body as it was sent
 * @param signature header {@code handoff-receipt-signature}, if it is signed; {@link ReceiptVerifier} checks it
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are what is signed; never compared
public record Answer(int status, byte[] body, Optional<String> signature) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The body, read. {@code docs/ingest.md} and {@code /openapi.yaml} say what stands in it.
     *
     * @throws IllegalStateException if it is not JSON: something else than ingest answered
     */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            // Not the cause: its message quotes what was read.
            throw new IllegalStateException("the answer is not JSON");
        }
    }

    /** The id of the signup or message, where the answer has one; empty text otherwise. */
    public String id() {
        JsonNode json = json();
        return json.path("signupId").asText(json.path("messageId").asText(""));
    }

    /** Without the body: a receipt's has a secret. */
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
