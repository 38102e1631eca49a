package org.brokerhandoff.website.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * What ingest answered.
 *
 * @param status HTTP status; 503 also if it could not be reached, or did not answer in time
 * @param body the body's bytes
 * @param signature of a receipt; empty of anything else
 */
public record IngestReply(int status, Buffer body, String signature) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nothing was heard of it. */
    static final IngestReply UNREACHABLE = new IngestReply(503, Buffer.buffer(), "");

    /** Whether it may work later with the same request. */
    public boolean mayWorkLater() {
        return status >= 500;
    }

    /** Whether ingest did what it was asked for. */
    public boolean successful() {
        return status >= 200 && status < 300;
    }

    /** The body as JSON; a missing node if it is none. */
    public JsonNode json() {
        try {
            JsonNode json = JSON.readTree(body.getBytes());
            return json == null ? MissingNode.getInstance() : json;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Without the body. */
    @Override
    public String toString() {
        return "IngestReply[" + status + "]";
    }
}
