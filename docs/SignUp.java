import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.client.IngestClient;
import org.brokerhandoff.client.IngestException;
import org.brokerhandoff.client.ReceiptVerifier;
import org.brokerhandoff.client.Submission;

/** Hands in an invented person, follows the signup to its purge and checks the receipt: java SignUp.java INGEST API_KEY. docs/website-guide.md runs it. */
class SignUp {
    public static void main(String[] arguments) throws IngestException, InterruptedException {
        IngestClient ingest = new IngestClient(URI.create(arguments[0]), arguments[1], Duration.ofMinutes(2));
        String policy = ingest.get("/v1/policies/current").json().path("version").asText();
        byte[] body = """
                {"person":  {"fullName":"Kari Nordmann","email":"kari@example.no","country":"NO","language":"nb"},
                 "consent": {"policyVersion":"%s","purposes":["broker-handoff"],"recipients":["fjord-markets"],
                             "givenAt":"%s","method":"registration-form"}}"""
                .formatted(policy, Instant.now())
                .getBytes(StandardCharsets.UTF_8);
        UUID id;
        try (Submission submission = Submission.of(body)) {
            id = UUID.fromString(ingest.signUp(submission).id());
        } catch (IngestException.Invalid invalid) {
            invalid.problem().faults().forEach(fault -> System.err.println(fault.pointer() + ": " + fault.code()));
            throw invalid;
        }
        while (!ingest.status(id).json().has("purge")) {
            Thread.sleep(500);
        }
        boolean signed = ReceiptVerifier.of(ingest.receiptKeys().body()).holds(ingest.receipt(id));
        System.out.println(ingest.status(id).json().path("status").asText() + ", purged, receipt " + (signed ? "holds" : "is not signed by these keys"));
    }
}
