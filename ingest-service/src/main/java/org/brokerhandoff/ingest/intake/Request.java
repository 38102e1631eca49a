package org.brokerhandoff.ingest.intake;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.operations.tracing.TracedSpan;

/**
 * The caller, its idempotency key, and the executor of the work.
 *
 * @param owner owner of the API key that it was sent with
 * @param client the sender and the kind of request: keys of different clients are independent
 * @param idempotencyKey its idempotency key
 * @param canary whether the API key is a retention canary's
 * @param span parent span of the work's steps
 * @param loop the event loop that the request belongs to. Steps that end on other threads only hand the result over to it
 */
public record Request(
        String owner, String client, String idempotencyKey, boolean canary, TracedSpan span, Executor loop) {
    /** Owners contain no slash: a website may use one key for a signup and for a message without getting the other's answer. */
    private static final String MESSAGES_OF = "contact-messages/";

    private static final String CORRECTIONS_OF = "corrections/";
    private static final String DISCLOSURES_OF = "disclosure-requests/";
    private static final String DISCLOSURE_CONTACTS_OF = "disclosure-contacts/";

    /** A request to accept a signup. */
    public Request(String owner, String idempotencyKey, Executor loop) {
        this(owner, owner, idempotencyKey, false, TracedSpan.NONE, loop);
    }

    /** As above, with a retention canary's key, or any other. */
    public Request byKeyOf(boolean whetherCanary) {
        return new Request(owner, client, idempotencyKey, whetherCanary, span, loop);
    }

    /** As above, for a contact message. */
    Request ofMessage() {
        return of(MESSAGES_OF);
    }

    /** A request to accept the new data of a rectification. Each already has its own id, which is its idempotency key. */
    public static Request ofCorrection(String owner, UUID id, Executor loop) {
        return new Request(owner, id.toString(), loop).of(CORRECTIONS_OF);
    }

    /** As above, for a request for disclosure. */
    public Request ofDisclosure() {
        return of(DISCLOSURES_OF);
    }

    /** As above, for the message that belongs to a request for disclosure. */
    Request ofDisclosureContact() {
        return of(DISCLOSURE_CONTACTS_OF);
    }

    private Request of(String kind) {
        return new Request(owner, kind + owner, idempotencyKey, canary, span, loop);
    }

    /** The same request on another executor, traced under {@code own}. */
    Request on(Executor other, TracedSpan own) {
        return new Request(owner, client, idempotencyKey, canary, own, other);
    }

    /** {@code stage}, completed on the loop. */
    public <T> CompletionStage<T> resumedAfter(CompletionStage<T> stage) {
        return stage.toCompletableFuture().isDone() ? stage : stage.whenCompleteAsync((result, failure) -> {}, loop);
    }

    /** Does not print the key. */
    @Override
    public String toString() {
        return "Request[" + client + "]";
    }
}
