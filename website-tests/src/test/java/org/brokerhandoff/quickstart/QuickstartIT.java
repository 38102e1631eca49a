package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.AuditReplayer;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.canary.Canary;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.quickstart.documents.SampleDocument;
import org.brokerhandoff.quickstart.installation.SampleBrokers;
import org.brokerhandoff.quickstart.report.Summary;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartIT {
    @TempDir
    Path directory;

    @Test
    void sixty_signups_are_all_purged_nobody_is_found_and_the_audit_passes() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        SpanCollector collector = SpanCollector.start();
        try (collector;
                PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
                Quickstart quickstart = Quickstart.start(
                        directory,
                        0,
                        new ProgressLine(out, false),
                        Map.of("HANDOFF_TRACING_ENDPOINT", collector.address()))) {
            Summary summary = quickstart.run(60);
            assertThat(summary.kept()).as(summary.text(false)).isTrue();
            // The agent sees the files go; what the file system of this directory permits may be less.
            PurgeCeiling highest = Preflight.ofPlace(
                            directory.resolve("custody.slots"), directory.resolve("custody.keyset"), Instant.now())
                    .highest();
            assertThat(summary.purgesByLevel()).containsOnlyKeys(highest.name());
            assertThat(summary.filesSearched()).isGreaterThan(10);
            for (SampleDocument document : SampleDocument.all()) {
                assertThat(get(
                                        quickstart,
                                        "/v1/policies/current?kind=" + document.kind() + "&language="
                                                + document.language())
                                .path("text")
                                .asText())
                        .isEqualTo(document.text());
            }
            assertThat(get(quickstart, "/.well-known/jwks.json").path("keys")).hasSize(1);
            canaryIsClean(quickstart);
            assertThat(quickstart.invitation())
                    .contains(
                            "export INGEST=http://127.0.0.1:",
                            "curl -i $INGEST/v1/signups",
                            "./handoff audit trace ID");
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("60 signups sent, 60 accepted");
        tracesTellOfSteps(collector);
    }

    /** What ingest and router have sent: all steps, nothing but what may be said, and nothing of a person. */
    private static void tracesTellOfSteps(SpanCollector collector) {
        List<Span> spans = collector.spans();
        Set<String> names =
                Arrays.stream(Operation.values()).map(Operation::spanName).collect(Collectors.toSet());
        assertThat(spans).extracting(Span::getName).containsAll(names).isSubsetOf(names);
        assertThat(spans.stream()
                        .flatMap(span -> span.getAttributesList().stream())
                        .map(KeyValue::getKey))
                .containsOnly(
                        "handoff.signup.id",
                        "handoff.broker.id",
                        "handoff.outcome",
                        "handoff.event",
                        "handoff.attempt",
                        "http.response.status_code");
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getEventsList()).isEmpty();
            assertThat(span.getStatus().getMessage()).isEmpty();
        });
        Map<ByteString, ByteString> traceOfSpan =
                spans.stream().collect(Collectors.toMap(Span::getSpanId, Span::getTraceId));
        List<Span> handoffs = spans.stream()
                .filter(span -> span.getName().equals(Operation.HANDOFF.spanName()))
                .toList();
        assertThat(handoffs)
                .hasSizeGreaterThanOrEqualTo(66)
                .allSatisfy(handoff -> assertThat(handoff.getLinksList())
                        .as("a trace of its own, that refers to the one of the record's writer")
                        .singleElement()
                        .satisfies(link -> {
                            assertThat(traceOfSpan.get(link.getSpanId())).isEqualTo(link.getTraceId());
                            assertThat(link.getTraceId()).isNotEqualTo(handoff.getTraceId());
                        }));
        PersonSearch search = new PersonSearch(SamplePeople.first(70)
                .map(person -> List.of(person.fullName(), person.email(), person.phone()))
                .toList());
        assertThat(collector.received())
                .flatExtracting(bytes -> search.find("spans", bytes))
                .isEmpty();
    }

    /** An invented person goes to the broker under test, and to no other; what was found is signed, and the log holds with it. */
    private void canaryIsClean(Quickstart quickstart) throws Exception {
        Canary.Outcome outcome = new Canary(
                        quickstart.clients(),
                        new EventCodec(),
                        InstantSource.system(),
                        new Canary.Settings(
                                URI.create(quickstart.address()),
                                SecretFile.readFirstLine(
                                        quickstart.installation().canaryApiKeyFile()),
                                SigningKey.parse(
                                        "canary",
                                        SecretFile.read(
                                                quickstart.installation().canarySigningKeyFile())),
                                List.of(directory.resolve("kafka")),
                                Duration.ofMinutes(2)))
                .check(said -> {});
        CanaryChecked checked = outcome.event();
        assertThat(outcome.places()).anyMatch(place -> place.startsWith("topic signups "));
        assertThat(checked.getPlanted()).isPositive();
        assertThat(checked.getVerdict()).isEqualTo(CanaryVerdict.CLEAN);
        assertThat(checked.getFiles()).isPositive();
        assertThat(checked.getUnreadable()).isZero();
        Verdict verdict = AuditVerifier.verify(quickstart.clients(), new EventCodec(), Instant.now(), true);
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
        assertThat(AuditReplayer.replay(
                                quickstart.clients(),
                                new EventCodec(),
                                Optional.of(SignupIds.uuid(checked.getSignupId())),
                                (partition, partitions) -> {})
                        .equal())
                .isTrue();
        assertThat(quickstart.lives().stream()
                        .filter(life -> life.signupId().equals(SignupIds.uuid(checked.getSignupId())))
                        .flatMap(life -> life.deliveredTo().stream()))
                .containsExactly(SampleBrokers.UNDER_TEST);
    }

    private static JsonNode get(Quickstart quickstart, String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(quickstart.address() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }
}
