package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.ingest.fuzz.AnswerCheck;
import org.brokerhandoff.ingest.fuzz.ApiDescription;
import org.brokerhandoff.ingest.fuzz.ApiOperation;
import org.brokerhandoff.ingest.fuzz.RawAnswer;
import org.brokerhandoff.ingest.fuzz.RequestDraft;
import org.brokerhandoff.ingest.fuzz.RequestMutations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every operation of {@code openapi.yaml}, with its own examples and mutations of them: each response must be documented, and must not echo
 * anything. {@code -Dhandoff.test.fuzz.seconds=600} runs longer, {@code -Dhandoff.test.fuzz.seed=…} tries other requests.
 */
@ResourceLock(LogCapture.LOCK)
@SuppressWarnings("NullAway.Init") // set before the first test
class OpenApiFuzzIT extends RunningIngest {
    /** No valid name, version or word may contain its tilde; a free text may, and is not echoed. */
    private static final String CANARY = "zq~canary";

    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final ApiDescription description = ApiDescription.ofIngest();
    private final AnswerCheck check = new AnswerCheck(description, CANARY);
    private final ExampleRequests examples = new ExampleRequests(description);
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init") // set before the first test
    private LedgerAnswers ledger;

    /** The first request of each kind of fault. */
    private final Map<String, String> faults = new LinkedHashMap<>();
    /** Operation, status and content type of every answer, and how often. */
    private final Map<String, Integer> seen = new TreeMap<>();

    @Override
    IngestSettings settings(Path directory) throws IOException {
        ledger = new LedgerAnswers();
        ReceiptKeyMain.write(directory.resolve("receipt.pem"));
        Files.writeString(directory.resolve("operator.yaml"), """
                name: Portal AS
                address: Storgata 1, 0155 Oslo
                contact: privacy@portal.example
                dataProtectionOfficer: dpo@portal.example
                jurisdiction: NO
                processors: [{name: Hosting AB, purpose: servers, country: SE}]
                extraMembers: [city]
                """);
        return installation
                .settings()
                .with(new IngestSettings.Receipts(
                        Optional.of(directory.resolve("operator.yaml")),
                        List.of(directory.resolve("receipt.pem")),
                        Optional.empty(),
                        Optional.of(ledger.origin())));
    }

    @AfterAll
    void stopLedger() {
        ledger.close();
    }

    /** Sends the request, with retries while the service is short of time, and judges its answer. */
    private RawAnswer send(RequestDraft draft, String where) throws InterruptedException {
        RawAnswer answer = once(draft);
        for (int repeats = 0; answer.status() == 503 && draft.path().startsWith("/v1/") && repeats < 5; repeats++) {
            // Other tests share the machine. A request that is at fault itself gets the same answer every time.
            TimeUnit.SECONDS.sleep(1);
            answer = once(draft);
        }
        if (answer.status() == 0) {
            fault(where, draft, answer, "is none");
            return answer;
        }
        for (String fault : check.faults(draft.method, draft.path(), answer)) {
            fault(where, draft, answer, fault);
        }
        if (answer.status() == 503) {
            fault(where, draft, answer, "is unavailable, again and again");
        }
        Optional<ApiOperation> operation = description.find(draft.method, draft.path());
        seen.merge(
                operation.map(ApiOperation::id).orElse("none") + " " + answer.status() + " " + answer.mediaType(),
                1,
                Integer::sum);
        if (operation.isPresent() && answer.status() < 300) {
            taken(operation.get(), draft, answer, where);
        }
        return answer;
    }

    /** A missing answer counts as status 0. */
    private RawAnswer once(RequestDraft draft) {
        try {
            return RawAnswer.to(service.port(), draft.bytes(), draft.ends);
        } catch (IOException | RuntimeException e) {
            return new RawAnswer(0, List.of(), e.toString());
        }
    }

    /** Accepted requests must be valid by the description. The method stated by a holder of the receipt in a withdrawal is ignored. */
    private void taken(ApiOperation operation, RequestDraft draft, RawAnswer answer, String where) {
        boolean holder = draft.headers.stream().anyMatch(line -> line.contains("Bearer hcap_"));
        // The first answer stands, whatever the repeat says.
        if (answer.header("Idempotency-Replayed").isPresent()
                || operation.requestSchema().isMissingNode()
                || draft.body.length == 0
                || holder
                // Where these say otherwise, the body that was taken is not the draft's.
                || draft.has("Content-Length")
                || draft.has("Transfer-Encoding")) {
            return;
        }
        try {
            JsonNode sent = STRICT.readTree(draft.body);
            for (String fault : description.faults(operation.requestSchema(), sent)) {
                fault(where, draft, answer, "is taken though the description forbids it: " + fault);
            }
        } catch (IOException notStrict) {
            fault(where, draft, answer, "is taken though it is no proper JSON");
        }
    }

    private void fault(String where, RequestDraft draft, RawAnswer answer, String fault) {
        String kind =
                draft.method + " " + answer.status() + " " + answer.code() + " " + fault.replaceAll("[0-9]+", "#");
        faults.putIfAbsent(kind, fault + "\n  " + where + "\n" + draft + "\n  => " + answer);
    }

    @Test
    void each_example_is_answered_as_described_whoever_sends_it() throws Exception {
        prepareTexts();
        for (ApiOperation operation : examples.operations()) {
            String main = ExampleRequests.mainCaller(operation);
            for (String other :
                    List.of("", "a-guess", Installation.OTHER_WEBSITE, Installation.ADMIN, Installation.WEBSITE)) {
                if (!other.equals(main)) {
                    admitted(operation, other, send(ExampleRequests.by(other, examples.of(operation)), operation.id()));
                }
            }
            if (examples.has("capability")) {
                RawAnswer answer =
                        send(ExampleRequests.by(examples.id("capability"), examples.of(operation)), operation.id());
                assertThat(answer.status() == 401)
                        .describedAs("%s with a capability: %s", operation, answer)
                        .isEqualTo(!operation.admits("receiptCapability") && !operation.admits(""));
            }
            RequestDraft request = examples.of(operation);
            RawAnswer answer = send(request, operation.id());
            assertThat(answer.status()).describedAs("%s: %s", operation, answer).isBetween(200, 299);
            examples.remember(operation, answer, website);
            send(request, operation.id());
            send(request.header("Accept", "application/ld+json"), operation.id());
        }
        assertThat(faults.values()).isEmpty();
        assertThat(seen.keySet()).containsAll(described());
    }

    /** A choice of cookies requires a text in force. */
    private void prepareTexts() throws Exception {
        examples.forget();
        faults.clear();
        ApiOperation publish = examples.operations().get(0);
        RequestDraft cookies = examples.of(publish)
                .json(((ObjectNode) examples.body(publish))
                        .put("kind", "cookies")
                        .toString());
        assertThat(send(cookies, "prepare").status()).isIn(200, 201);
    }

    private void admitted(ApiOperation operation, String secret, RawAnswer answer) {
        boolean stranger = secret.isEmpty() || secret.equals("a-guess");
        String main = ExampleRequests.mainCaller(operation);
        if (stranger) {
            assertThat(answer.status() == 401)
                    .describedAs("%s by a stranger: %s", operation, answer)
                    .isEqualTo(!operation.admits(""));
        } else if (secret.equals(Installation.OTHER_WEBSITE)
                && main.equals(Installation.WEBSITE)
                && operation.path().startsWith("/v1/signups/{id}")) {
            assertThat(answer.status())
                    .describedAs("%s by another website: %s", operation, answer)
                    .isEqualTo(404);
        } else if (!main.isEmpty() && main.contains("admin") != secret.contains("admin")) {
            assertThat(answer.status())
                    .describedAs("%s by %s: %s", operation, secret, answer)
                    .isEqualTo(403);
        }
    }

    private Set<String> described() {
        Set<String> all = new TreeSet<>();
        for (ApiOperation operation : examples.operations()) {
            for (int status : operation.successes()) {
                operation
                        .response(status)
                        .orElseThrow()
                        .path("content")
                        .fieldNames()
                        .forEachRemaining(type -> all.add(operation.id() + " " + status + " " + type));
            }
        }
        return all;
    }

    @Test
    void no_change_to_an_example_makes_a_fault_an_echo_or_an_answer_that_is_not_described() throws Exception {
        tryChanges(Long.getLong("handoff.test.fuzz.seed", 12), Integer.getInteger("handoff.test.fuzz.seconds", 12));
    }

    @Tag("faults")
    @Test
    void nor_does_any_of_many_more_changes() throws Exception {
        boolean isLong = Boolean.getBoolean("handoff.test.long");
        tryChanges(isLong ? System.nanoTime() : 13, isLong ? 300 : 40);
    }

    private void tryChanges(long seed, int seconds) throws Exception {
        prepareTexts();
        int cases = 0;
        try (LogCapture capture = new LogCapture(logged)) {
            capture.begin();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (int round = 0; round < 2 || System.nanoTime() < end; round++) {
                if (round % 10 == 0) {
                    rehearse("round " + round);
                }
                for (ApiOperation operation : examples.operations()) {
                    long one = seed * 1_000_003 + cases++;
                    mutate(operation, new Random(one), "seed " + seed + ", case " + cases);
                }
            }
        }
        assertThat(faults.values())
                .describedAs("of %s requests with -Dhandoff.test.fuzz.seed=%s", cases, seed)
                .isEmpty();
        assertThat(logged.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT))
                .contains("malformed-json")
                .doesNotContain(CANARY);
    }

    /** New signups, requests and questions for the operations. */
    private void rehearse(String where) throws Exception {
        for (ApiOperation operation : examples.operations()) {
            if (!operation.id().startsWith("withdraw") && !operation.id().startsWith("decide")) {
                examples.remember(operation, send(examples.of(operation), where), website);
            }
        }
    }

    private void mutate(ApiOperation operation, Random random, String where) throws Exception {
        RequestDraft draft = examples.of(operation);
        if (random.nextInt(6) == 0) {
            List<String> callers = List.of(
                    Installation.WEBSITE,
                    Installation.OTHER_WEBSITE,
                    Installation.ADMIN,
                    Installation.OTHER_ADMIN,
                    examples.id("capability"),
                    CANARY,
                    "");
            ExampleRequests.by(callers.get(random.nextInt(callers.size())), draft);
        }
        new RequestMutations(description, CANARY, random).change(draft, operation, examples.body(operation));
        send(draft, where);
    }
}
