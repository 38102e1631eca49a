package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Plays the router against a broker's own endpoint with invented people, and checks the answers against the contract. Each run uses new
 * signup ids; remove the sample people from the broker afterwards.
 */
final class ContractCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_REPLY_BYTES = 16 * 1024;
    private static final Set<Integer> UNAUTHORIZED = Set.of(401, 403);

    private final HttpClient client;
    private final Target target;
    private final List<Check> checks = new ArrayList<>();

    /**
     * Target and scope of the check.
     *
     * @param endpoint URL of handoffs
     * @param notices URL of notices, if the broker accepts them
     * @param pings whether pings are checked
     * @param signers keys that sign requests; without any, signatures are not checked
     * @param pendingLimit time limit for the completion of a notice
     */
    record Target(
            URI endpoint,
            Optional<URI> notices,
            boolean pings,
            List<? extends WebhookSigner> signers,
            Duration pendingLimit) {}

    /** The result of one check. */
    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    /**
     * One check.
     *
     * @param what the requirement
     * @param detail the observation
     */
    record Check(String what, Outcome outcome, String detail) {}

    /** An answer, reduced to the contract's word. */
    private record Answer(int status, String word, String problem) {
        boolean accepts() {
            return problem.isEmpty()
                    && status >= 200
                    && status < 300
                    && (word.equals("accepted") || word.equals("duplicate"));
        }

        boolean rejects() {
            return problem.isEmpty() && word.equals("rejected");
        }

        String shown() {
            return problem.isEmpty() ? status + (word.isEmpty() ? " without a status" : " " + word) : problem;
        }
    }

    ContractCheck(HttpClient client, Target target) {
        this.client = client;
        this.target = target;
    }

    /** Runs all checks sequentially. */
    List<Check> run() throws InterruptedException {
        UUID id = UUID.randomUUID();
        Answer first = handoff(id, body(id, ""), Forgery.NONE);
        if (first.rejects()) {
            check("a signed handoff is answered", true, first);
            skip("a repeat is a duplicate", "the sample person was rejected, which the contract allows");
        } else {
            check("a signed handoff is accepted: 2xx and {\"status\":\"accepted\"}", first.accepts(), first);
            Answer again = handoff(id, body(id, ""), Forgery.NONE);
            check("a repeat is answered accepted or duplicate, and not processed twice", again.accepts(), again);
            UUID other = UUID.randomUUID();
            CompletableFuture<Answer> one = send(post(target.endpoint(), other, body(other, ""), Forgery.NONE));
            CompletableFuture<Answer> two = send(post(target.endpoint(), other, body(other, ""), Forgery.NONE));
            check(
                    "of two concurrent requests one or both are answered accepted",
                    one.join().accepts() || two.join().accepts(),
                    two.join());
            UUID extended = UUID.randomUUID();
            Answer unknown = handoff(extended, body(extended, ",\"later\":{\"member\":1}"), Forgery.NONE);
            check("members that are not in the contract are ignored", unknown.accepts(), unknown);
        }
        signatures(first);
        questions(id, first);
        if (target.pings()) {
            Answer ping = join(send(post(
                    below(target.endpoint(), "ping"),
                    UUID.randomUUID(),
                    "{\"country\":\"NO\",\"language\":\"nb\",\"purposes\":[\"broker-handoff\"]}",
                    Forgery.NONE)));
            check("a ping is answered accepted or rejected", ping.accepts() || ping.rejects(), ping);
        } else {
            skip("a ping is answered", "not requested");
        }
        if (target.notices().isPresent()) {
            notices(target.notices().get(), id);
        } else {
            skip("a withdrawal is confirmed", "no address for notices was given");
        }
        return List.copyOf(checks);
    }

    /** As the router forms it: the suffix precedes the query. */
    static URI below(URI address, String below) {
        String text = address.toString();
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query);
        return URI.create((path.endsWith("/") ? path : path + "/") + below + (query < 0 ? "" : text.substring(query)));
    }

    private void signatures(Answer first) {
        if (target.signers().isEmpty()) {
            skip("wrong signatures are refused", "no secret was given");
            return;
        }
        for (Forgery forgery : Forgery.values()) {
            if (forgery == Forgery.NONE) {
                continue;
            }
            UUID id = UUID.randomUUID();
            Answer answer = handoff(id, body(id, ""), forgery);
            if (forgery == Forgery.ROTATION) {
                if (first.accepts()) {
                    check(forgery.rule, answer.accepts(), answer);
                }
            } else {
                check(forgery.rule, answer.problem().isEmpty() && UNAUTHORIZED.contains(answer.status()), answer);
            }
        }
    }

    private void questions(UUID id, Answer first) {
        Answer known = join(send(question(target.endpoint(), id)));
        if (known.status() == 405 || known.status() == 501) {
            skip(
                    "a question about a signup is answered",
                    "the broker does not answer questions; it gets repeats instead");
            return;
        }
        check(
                "a question about a known signup is answered " + (first.accepts() ? "accepted" : "rejected"),
                known.status() == 200 && known.word().equals(first.accepts() ? "accepted" : "rejected"),
                known);
        Answer unknown = join(send(question(target.endpoint(), UUID.randomUUID())));
        check(
                "a question about a signup that never came is answered unknown (200 or 404)",
                (unknown.status() == 200 || unknown.status() == 404)
                        && unknown.word().equals("unknown"),
                unknown);
    }

    private void notices(URI notices, UUID id) throws InterruptedException {
        for (UUID each : List.of(id, UUID.randomUUID())) {
            String of = each.equals(id) ? "" : " of a signup that never came";
            String body = "{\"signupId\":\"" + each + "\",\"type\":\"withdrawal\",\"requestedAt\":\"" + now() + "\"}";
            Answer answer = join(send(post(notices, each, body, Forgery.NONE)));
            boolean taken = (answer.status() == 200 && answer.word().equals("completed"))
                    || (answer.status() == 202 && answer.word().equals("pending"));
            check("a withdrawal" + of + " is answered 200 completed or 202 pending", taken, answer);
            Answer again = join(send(post(notices, each, body, Forgery.NONE)));
            check(
                    "a withdrawal" + of + " may be repeated",
                    again.word().equals("completed") || again.word().equals("pending"),
                    again);
            if (taken && answer.word().equals("pending")) {
                Answer state = answer;
                Instant until = Instant.now().plus(target.pendingLimit());
                while (state.word().equals("pending") && Instant.now().isBefore(until)) {
                    Thread.sleep(500);
                    state = join(send(question(notices, each)));
                }
                check(
                        "a pending withdrawal" + of + " is completed within "
                                + target.pendingLimit().toSeconds() + " s",
                        state.word().equals("completed"),
                        state);
            }
        }
        String erasure = "{\"signupId\":\"" + id + "\",\"type\":\"erasure\",\"requestedAt\":\"" + now()
                + "\",\"requestId\":\"" + UUID.randomUUID() + "\"}";
        Answer answer = join(send(post(notices, id, erasure, Forgery.NONE)));
        check(
                "an erasure is answered 200 completed, 202 pending, or refused with 200, 409 or 422",
                (answer.status() == 200 && Set.of("completed", "refused").contains(answer.word()))
                        || (answer.status() == 202 && answer.word().equals("pending"))
                        || (Set.of(409, 422).contains(answer.status())
                                && answer.word().equals("refused")),
                answer);
    }

    /** What is wrong with a request's signature. */
    private enum Forgery {
        NONE(""),
        ROTATION("one valid signature among others of unknown keys and schemes is enough"),
        UNSIGNED("a handoff without a signature is answered 401 or 403"),
        OTHER_KEY("a handoff signed by another key is answered 401 or 403"),
        OTHER_BODY("a handoff whose body was changed is answered 401 or 403"),
        OTHER_ID("a handoff whose webhook-id was changed is answered 401 or 403"),
        OLD("a handoff signed 10 minutes ago is answered 401 or 403");

        private final String rule;

        Forgery(String rule) {
            this.rule = rule;
        }
    }

    private Answer handoff(UUID id, String body, Forgery forgery) {
        return join(send(post(target.endpoint(), id, body, forgery)));
    }

    private HttpRequest post(URI uri, UUID id, String text, Forgery forgery) {
        String sent = forgery == Forgery.OTHER_BODY ? text.replace("\"NO\"", "\"SE\"") : text;
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header("idempotency-key", id.toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(sent.getBytes(StandardCharsets.UTF_8)));
        return signed(request, id, text.getBytes(StandardCharsets.UTF_8), forgery)
                .build();
    }

    private HttpRequest question(URI collection, UUID id) {
        return signed(
                        HttpRequest.newBuilder(below(collection, id.toString()))
                                .timeout(LIMIT)
                                .header("accept", "application/json")
                                .GET(),
                        id,
                        new byte[0],
                        Forgery.NONE)
                .build();
    }

    private HttpRequest.Builder signed(HttpRequest.Builder request, UUID id, byte[] body, Forgery forgery) {
        if (target.signers().isEmpty() || forgery == Forgery.UNSIGNED) {
            return request;
        }
        Instant at = forgery == Forgery.OLD ? Instant.now().minus(10, ChronoUnit.MINUTES) : Instant.now();
        String timestamp = Long.toString(at.getEpochSecond());
        String signedId = forgery == Forgery.OTHER_ID ? UUID.randomUUID().toString() : id.toString();
        List<String> signatures = new ArrayList<>();
        if (forgery == Forgery.OTHER_KEY || forgery == Forgery.ROTATION) {
            signatures.add("v9,AAAA");
            signatures.add(WebhookSecret.random().sign(signedId, timestamp, body));
        }
        if (forgery != Forgery.OTHER_KEY) {
            target.signers().forEach(signer -> signatures.add(signer.sign(signedId, timestamp, body)));
        }
        return request.header("webhook-id", id.toString())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", String.join(" ", signatures));
    }

    private CompletableFuture<Answer> send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApply(ContractCheck::read)
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    return new Answer(0, "", "no answer: " + cause.getClass().getSimpleName());
                });
    }

    private static Answer read(HttpResponse<java.io.InputStream> response) {
        byte[] body;
        try (java.io.InputStream stream = response.body()) {
            body = stream.readNBytes(MOST_REPLY_BYTES + 1);
        } catch (IOException e) {
            return new Answer(response.statusCode(), "", response.statusCode() + ", then the connection broke");
        }
        if (body.length > MOST_REPLY_BYTES) {
            return new Answer(response.statusCode(), "", "more than 16 KiB");
        }
        try {
            JsonNode json = JSON.readTree(body);
            return new Answer(
                    response.statusCode(),
                    json == null ? "" : json.path("status").asText(""),
                    "");
        } catch (JsonProcessingException e) {
            return new Answer(response.statusCode(), "", "");
        } catch (IOException e) {
            return new Answer(response.statusCode(), "", "unreadable");
        }
    }

    private static Answer join(CompletableFuture<Answer> answer) {
        return answer.join();
    }

    private void check(String what, boolean holds, Answer seen) {
        checks.add(new Check(what, holds ? Outcome.PASSED : Outcome.FAILED, seen.shown()));
    }

    private void skip(String what, String why) {
        checks.add(new Check(what, Outcome.SKIPPED, why));
    }

    private static String body(UUID id, String more) {
        return "{\"signupId\":\"" + id + "\",\"person\":{\"fullName\":\"Sample Person\","
                + "\"email\":\"sample.person@example.org\",\"country\":\"NO\",\"phone\":\"+4721000000\",\"language\":\"nb\"},"
                + "\"consent\":{\"policyVersion\":\"2026-11-01\",\"purposes\":[\"broker-handoff\"],\"givenAt\":\""
                + now() + "\"},\"assignedAt\":\"" + now() + "\"" + more + "}";
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.HOURS);
    }
}
