package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/signups/{id}/receipt}, as JSON or, by {@code Accept}, as JSON-LD, signed; and the keys that check the signature. */
final class ReceiptEndpoint {
    static final String SIGNATURE = "handoff-receipt-signature";
    private static final String JSON = "application/json";
    /** A new key is published for longer than this before it signs. */
    private static final String AN_HOUR = "public, max-age=3600";

    private final RegisterReader register;
    private final Executor blocking;
    private final Optional<Operator> operator;
    private final ReceiptKeys keys;

    ReceiptEndpoint(RegisterReader register, Executor blocking, Optional<Operator> operator, ReceiptKeys keys) {
        this.register = register;
        this.blocking = blocking;
        this.operator = operator;
        this.keys = keys;
    }

    void receipt(Exchange exchange) {
        boolean linked = wantsJsonLd(exchange.header(HttpHeaders.ACCEPT.toString()));
        exchange.withSignupId(id -> exchange.whenDone(
                register.receipt(id, exchange.key(), blocking)
                        .thenApply(facts -> facts.flatMap(
                                        known -> ReceiptJson.receipt(known, operator, keys.capability(id)))
                                .map(receipt -> linked ? ReceiptJsonLd.of(receipt) : receipt)),
                (receipt, failure) -> {
                    if (receipt == null || failure != null) {
                        exchange.unavailable(Failures.kind(failure));
                    } else if (receipt.isEmpty()) {
                        exchange.problem(404, "unknown-signup");
                    } else {
                        answer(exchange, receipt.get(), linked);
                    }
                }));
    }

    private void answer(Exchange exchange, ObjectNode receipt, boolean linked) {
        byte[] content = receipt.toString().getBytes(StandardCharsets.UTF_8);
        keys.signature(content).ifPresent(signature -> exchange.response().putHeader(SIGNATURE, signature));
        exchange.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        exchange.content(linked ? ReceiptJsonLd.MEDIA_TYPE : JSON, "no-store", Buffer.buffer(content));
    }

    void keySet(Exchange exchange) {
        exchange.content("application/jwk-set+json", AN_HOUR, Buffer.buffer(keys.keySet()));
    }

    /** JSON unless JSON-LD is requested by name; a weight of zero excludes it. */
    static boolean wantsJsonLd(@Nullable String accept) {
        return accept != null
                && Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(range -> range.replace(" ", "").replace("\t", ""))
                        .anyMatch(range -> range.equals(ReceiptJsonLd.MEDIA_TYPE)
                                || (range.startsWith(ReceiptJsonLd.MEDIA_TYPE + ";")
                                        && !range.matches(".*;q=0(\\.0{0,3})?")));
    }
}
