package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.Certificates;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.HandoffRequest;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.DirectoryParser;
import org.brokerhandoff.router.directory.ParsedDirectory;
import org.brokerhandoff.router.domain.Assignment;

/** A broker as a directory describes it, and one handoff to it. */
final class Exchanges {
    /** For those who are well: the machine may be slow. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    static final Certificates.Issued AUTHORITY = Certificates.authority("test authority");
    static final String ACCEPTED = "{\"status\":\"accepted\"}";

    private static final Duration SLACK = Duration.ofSeconds(5);

    private Exchanges() {}

    static Broker broker(String endpoint, String more) {
        return broker(endpoint, more, "");
    }

    /** @param named what file {@code named.pem} holds */
    static Broker broker(String endpoint, String more, String named) {
        String yaml = """
                brokers:
                  - id: fjord-markets
                    name: Fjord Markets AS
                    countries: ["*"]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://fjord-markets.example/privacy
                    endpoint: "%s"
                    secretFiles: [secret]
                """.formatted(endpoint) + more.indent(4);
        Certificates.Issued own = AUTHORITY.issue("handoff.example");
        ParsedDirectory parsed = DirectoryParser.parse(
                yaml.getBytes(StandardCharsets.UTF_8),
                name -> Optional.of(
                        switch (name) {
                            case "ca.pem" -> AUTHORITY.certificatePem();
                            case "named.pem" -> named;
                            case "own.pem" -> own.certificatePem();
                            case "own.key" -> own.keyPem();
                            default -> Examples.SECRET;
                        }),
                Examples.CODEC);
        assertThat(parsed).isInstanceOf(ParsedDirectory.Valid.class);
        BrokerDirectory directory = ((ParsedDirectory.Valid) parsed).directory();
        return directory.find("fjord-markets").orElseThrow();
    }

    /** One handoff, which takes no longer than its limit and leaves nothing of the person. */
    static BrokerReply post(Vertx vertx, VertxBrokerClient client, Broker broker, Duration limit) throws Exception {
        UUID id = UUID.randomUUID();
        PersonalData body = HandoffRequest.body(
                Examples.signup(id, broker.id()),
                new Assignment(broker.id(), 0, Examples.RECEIVED),
                PersonalData.takeOver("{\"fullName\":\"Kari\"}".getBytes(StandardCharsets.UTF_8)));
        WebhookSignature signature = WebhookSignature.of(id.toString(), Instant.now(), body, broker.secrets());
        CompletableFuture<BrokerReply> reply = new CompletableFuture<>();
        long startedNanos = System.nanoTime();
        vertx.runOnContext(nothing -> client.post(broker, body, signature, limit)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        reply.complete(answer);
                    } else {
                        reply.completeExceptionally(failure);
                    }
                }));
        BrokerReply answer = reply.get(30, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos)).isLessThan(limit.plus(SLACK));
        assertThat(body.wiped()).isTrue();
        return answer;
    }

    static String head(int status, String... headers) {
        return "HTTP/1.1 " + status + " X\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }
}
