package org.brokerhandoff.router.explain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.brokerhandoff.router.deliver.HandoffRequest;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerAddress;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.mapping.MappedBody;

/** The request that one broker would get for a sample, and where each field comes from, for people to read. Pure. */
public final class HandoffExplanation {
    private HandoffExplanation() {}

    /** The explanation, line by line; no line has a secret. */
    public static List<String> of(Broker broker, SampleSignup sample, Instant now) {
        Instant decidedAt = now.truncatedTo(ChronoUnit.MILLIS);
        Assignment assignment = new Assignment(broker.id(), 0, decidedAt);
        byte[] person = sample.personBytes();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HandoffRequest.write(sample.signup(), assignment, person, person.length, broker.fields(), body);
        String id = sample.signup().signupId().toString();
        WebhookSignature signature = WebhookSignature.of(id, now, body.toByteArray(), broker.secrets());

        List<String> lines = new ArrayList<>();
        lines.add("# " + broker.id() + ", " + broker.name() + ", "
                + broker.status().name().toLowerCase(Locale.ROOT));
        // The path may hold a token, and what is printed ends in tickets.
        lines.add("POST " + BrokerAddress.origin(broker.endpoint()) + "/…");
        lines.add("content-type: application/json");
        lines.add("accept: application/json");
        lines.add("idempotency-key: " + id);
        lines.add("webhook-id: " + signature.id());
        lines.add("webhook-timestamp: " + signature.timestampSeconds());
        lines.add("webhook-signature: " + signature.signature());
        lines.add("");
        lines.add(body.toString(StandardCharsets.UTF_8));
        lines.add("");
        lines.add("# signed by");
        int number = 0;
        for (WebhookSecret secret : broker.secrets()) {
            lines.add("  secretFiles/" + number++ + "  "
                    + (secret.scheme().equals("v1") ? "v1   HMAC-SHA256  whsec_…" : "v1a  Ed25519      whsk_…"));
        }
        lines.add("");
        fields(broker.fields(), sample, assignment, person, lines);
        return lines;
    }

    private static void fields(
            FieldMapping mapping, SampleSignup sample, Assignment assignment, byte[] person, List<String> lines) {
        if (mapping.isNone()) {
            lines.add("# fields: no mapping; the contract's own body, the person as it was sealed");
            return;
        }
        lines.add("# fields, in the order of the body");
        List<MappedBody.FieldFate> fates =
                MappedBody.fates(mapping, sample.signup(), assignment, person, person.length);
        int width =
                fates.stream().mapToInt(fate -> fate.target().length()).max().orElse(0);
        for (MappedBody.FieldFate fate : fates) {
            String target = fate.target() + " ".repeat(width - fate.target().length());
            lines.add("  " + target + "  " + reason(fate));
        }
        lines.add("# fields of the person that are not named here are not sent");
        mapping.digest().ifPresent(digest -> lines.add("# mapping " + hex(digest.bytes())));
    }

    private static String reason(MappedBody.FieldFate fate) {
        if (fate.content() instanceof FieldMapping.Constant constant) {
            return "always " + constant.json();
        }
        FieldMapping.Value value = (FieldMapping.Value) fate.content();
        String from = value.from()
                + (value.form() == FieldMapping.Form.AS_IS
                        ? ""
                        : " as " + value.form().text());
        String note = switch (value.source()) {
            case FIRST_NAME -> " (the name without its last word)";
            case LAST_NAME -> " (the last word of the name)";
            default -> "";
        };
        return from
                + note
                + switch (fate.presence()) {
                    case SENT -> "";
                    case OTHERWISE ->
                        ": the sample has none, so " + value.otherwise().orElse("");
                    case LEFT_OUT -> ": left out, the sample has none";
                };
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
