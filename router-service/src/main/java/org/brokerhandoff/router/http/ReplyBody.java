package org.brokerhandoff.router.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Optional;
import org.brokerhandoff.router.deliver.BrokerReply;

/** Parses the body of a reply. Pure. */
final class ReplyBody {
    private static final JsonFactory JSON_FACTORY = JsonFactory.builder()
            // "accepted" and "rejected" in one body is neither.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ReplyBody() {}

    /** Member {@code status} of the outermost object; nothing else of the body is looked at, and nothing is kept. */
    static Optional<BrokerReply.Verdict> verdict(byte[] body) {
        try (JsonParser parser = JSON_FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Optional<BrokerReply.Verdict> verdict = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean status = "status".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (status && value == JsonToken.VALUE_STRING) {
                    verdict = switch (parser.getText()) {
                        case "accepted" -> Optional.of(BrokerReply.Verdict.ACCEPTED);
                        case "duplicate" -> Optional.of(BrokerReply.Verdict.DUPLICATE);
                        case "rejected" -> Optional.of(BrokerReply.Verdict.REJECTED);
                        case "unknown" -> Optional.of(BrokerReply.Verdict.UNKNOWN);
                        default -> Optional.empty();
                    };
                } else {
                    parser.skipChildren();
                }
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole ? verdict : Optional.empty();
        } catch (IOException notJson) {
            // The message is dropped: Jackson's quote the body.
            return Optional.empty();
        }
    }
}
