package org.brokerhandoff.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Calls ingest for a website's backend. Each method blocks until there is an answer, and sends the same again while there is none, or ingest
 * asks for it ({@code Retry-After}). Thread-safe; make one for the backend.
 */
public final class IngestClient {
    /** Ingest answers within 3.5 s. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(6);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int SUCCESS = 200;
    private static final int FIRST_NO_SUCCESS = 300;

    private final HttpClient client;
    private final URI base;
    private final String authorization;
    private final RetryRules retries;

    /**
     * A client that keeps trying for {@code limit}.
     *
     * @param base address of ingest without a path, such as {@code https://ingest.example}
     * @param apiKey of scope {@code website}
     * @param limit time after which no further attempt begins
     */
    public IngestClient(URI base, String apiKey, Duration limit) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.base = base;
        this.authorization = "Bearer " + apiKey;
        this.retries = new RetryRules(FIRST_PAUSE, LONGEST_PAUSE, limit);
    }

    /**
     * Hands in a signup ({@code POST /v1/signups}).
     *
     * @throws IngestException.Invalid if the person or the form has to change something
     * @throws IngestException.Unavailable if it is not known whether it was accepted; send the same submission again later
     * @throws IngestException for other refusals
     * @throws InterruptedException if the thread is; whether the signup was accepted is not known then
     */
    public Answer signUp(Submission submission) throws IngestException, InterruptedException {
        return submit("/v1/signups", submission);
    }

    /** Hands in a message to the helpdesk ({@code POST /v1/contact-messages}); as {@link #signUp}. */
    public Answer write(Submission submission) throws IngestException, InterruptedException {
        return submit("/v1/contact-messages", submission);
    }

    /** Where a signup or a message stands. */
    public Answer status(UUID id) throws IngestException, InterruptedException {
        return get("/v1/signups/" + id);
    }

    /** The receipt of a signup's consent. Its {@code capability} is a secret of the person. */
    public Answer receipt(UUID id) throws IngestException, InterruptedException {
        return get("/v1/signups/" + id + "/receipt");
    }

    /** Withdraws the consent to a signup, or calls a message back; may be repeated. */
    public Answer withdraw(UUID id) throws IngestException, InterruptedException {
        return send(request("/v1/signups/" + id + "/withdrawal").POST(BodyPublishers.noBody()));
    }

    /** The requests as to a signup, and how far they are. */
    public Answer requests(UUID id) throws IngestException, InterruptedException {
        return get("/v1/signups/" + id + "/rights-requests");
    }

    /**
     * Exercises a right as to a signup.
     *
     * @param type {@code access}, {@code erasure}, {@code restriction}, {@code objection} or {@code portability}
     */
    public Answer request(UUID id, String type) throws IngestException, InterruptedException {
        byte[] body = ("{\"type\":\"" + type + "\"}").getBytes(StandardCharsets.UTF_8);
        return send(json(request("/v1/signups/" + id + "/rights-requests"), body));
    }

    /**
     * The document in force, with its text and digest.
     *
     * @param kind {@code privacy}, {@code cookies} or {@code terms}
     * @param language BCP 47
     */
    public Answer document(String kind, String language) throws IngestException, InterruptedException {
        return get("/v1/policies/current?kind=" + kind + "&language=" + language);
    }

    /** The keys that receipts are signed with, for {@link ReceiptVerifier}; keep them for an hour, not forever. */
    public Answer receiptKeys() throws IngestException, InterruptedException {
        return get("/.well-known/jwks.json");
    }

    /** Any other resource of the interface. */
    public Answer get(String path) throws IngestException, InterruptedException {
        return send(request(path).GET());
    }

    private Answer submit(String path, Submission submission) throws IngestException, InterruptedException {
        return send(json(request(path), submission.body()).header("idempotency-key", submission.idempotencyKey()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_LIMIT).header("authorization", authorization);
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request, byte[] body) {
        return request.header("content-type", "application/json").POST(BodyPublishers.ofByteArray(body));
    }

    private Answer send(HttpRequest.Builder builder) throws IngestException, InterruptedException {
        HttpRequest request = builder.build();
        long began = System.nanoTime();
        for (int attempts = 1; ; attempts++) {
            Optional<HttpResponse<byte[]>> heard = once(request);
            int status = heard.map(HttpResponse::statusCode).orElse(0);
            RetryRules.Step step = retries.next(
                    status,
                    heard.flatMap(response -> response.headers().firstValue("retry-after"))
                            .flatMap(header -> RetryRules.retryAfter(header, Instant.now())),
                    attempts,
                    Duration.ofNanos(System.nanoTime() - began),
                    ThreadLocalRandom.current().nextDouble());
            byte[] body = heard.map(HttpResponse::body).orElse(new byte[0]);
            if (step instanceof RetryRules.Step.Again again) {
                Thread.sleep(again.pause().toMillis());
            } else if (step instanceof RetryRules.Step.GivenUp) {
                throw new IngestException.Unavailable(Problem.of(status, body));
            } else if (status >= SUCCESS && status < FIRST_NO_SUCCESS) {
                return new Answer(
                        status,
                        body,
                        heard.flatMap(response -> response.headers().firstValue("handoff-receipt-signature")));
            } else {
                throw IngestException.of(Problem.of(status, body));
            }
        }
    }

    /** Empty if nothing was heard: then it is not known whether the request arrived. */
    private Optional<HttpResponse<byte[]>> once(HttpRequest request) throws InterruptedException {
        try {
            return Optional.of(client.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
