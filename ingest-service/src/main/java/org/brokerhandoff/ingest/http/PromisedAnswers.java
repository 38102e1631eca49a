package org.brokerhandoff.ingest.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.brokerhandoff.ingest.receipt.ReceiptKeys;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.evidence.LeafPromise;

/**
 * Responses about an event in the log. Where a ledger is promised, they have a member {@code leaf}, and the signature of a receipt in a
 * header: a holder of body and signature can prove that the ledger omitted or changed the event.
 */
public final class PromisedAnswers {
    private final Optional<Promise> promise;
    private final ReceiptKeys keys;
    private final InstantSource clock;

    /**
     * The promise.
     *
     * @param ledger origin of the ledger
     * @param within time within which the ledger includes the event
     */
    public record Promise(String ledger, Duration within) {}

    /** @param promise absent: nothing is promised; likewise without a key, since a promise that cannot be proven is none */
    public PromisedAnswers(Optional<Promise> promise, ReceiptKeys keys, InstantSource clock) {
        this.promise = promise.filter(any -> keys.canSign());
        this.keys = keys;
        this.clock = clock;
    }

    /** Whether anything is promised. */
    public boolean promise() {
        return promise.isPresent();
    }

    /**
     * Answers with {@code json}, an object that is not empty, and the promise of {@code leaf}.
     *
     * @param leaf empty if the event's position is unknown
     */
    void send(Exchange exchange, int status, String json, Optional<Leaf.Present> leaf) {
        exchange.json(
                status,
                promise.flatMap(made -> leaf.map(of -> promised(exchange, json, made, of)))
                        .orElse(json));
    }

    private String promised(Exchange exchange, String json, Promise made, Leaf.Present leaf) {
        String body = withLeaf(json, LeafPromise.of(made.ledger(), leaf, clock.instant(), made.within()));
        keys.signature(body.getBytes(StandardCharsets.UTF_8))
                .ifPresent(signature -> exchange.response().putHeader(ReceiptEndpoint.SIGNATURE, signature));
        return body;
    }

    /** Origins, topics, times and base64 need no escaping. */
    static String withLeaf(String json, LeafPromise leaf) {
        return json.substring(0, json.length() - 1) + ",\"leaf\":{\"ledger\":\"" + leaf.ledger() + "\",\"topic\":\""
                + leaf.place().topic() + "\",\"partition\":" + leaf.place().partition() + ",\"offset\":"
                + leaf.place().offset() + ",\"appendedAt\":\"" + leaf.appendedAt() + "\",\"hash\":\"" + leaf.hash()
                + "\",\"committedBy\":\"" + leaf.committedBy() + "\"}}";
    }
}
