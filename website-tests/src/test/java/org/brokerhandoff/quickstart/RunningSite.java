package org.brokerhandoff.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.quickstart.observe.Life;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One running quickstart, with its documents published, for all tests of the website. */
final class RunningSite implements AutoCloseable {
    private final Path directory;
    private final Quickstart quickstart;

    private RunningSite() {
        try {
            directory = Files.createTempDirectory("site");
            quickstart = Quickstart.start(
                    directory,
                    0,
                    new ProgressLine(
                            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false));
            quickstart.run(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where the website listens, without a slash at the end. */
    String address() {
        return quickstart.siteAddress();
    }

    /** Where ingest listens, without a slash at the end. */
    String ingest() {
        return quickstart.address();
    }

    /** The API key of a website. */
    String websiteKey() {
        return quickstart.installation().websiteKey();
    }

    /** Where a sandbox broker shows what it received, without a slash at the end. */
    String brokerPage(String id) {
        return Objects.requireNonNull(quickstart.brokerPages().get(id), id).toString();
    }

    /** How to reach Kafka. */
    KafkaClients clients() {
        return quickstart.clients();
    }

    /** Enters a request that data of a signup be disclosed with the person's consent, and has the person asked; answers with the request's path. */
    String askOfDisclosure(String signupId) {
        String request = "/v1/disclosure-requests/"
                + admin("/v1/disclosure-requests", """
                        {"signupId":"%s","requester":"authority","country":"NO","basis":"consent","scope":["recipients","purge"]}""".formatted(signupId))
                        .path("requestId")
                        .asText();
        var unused =
                admin(request + "/question", "{\"answerBy\":\"" + Instant.now().plusSeconds(3600) + "\"}");
        return request;
    }

    /** What ingest says to a GET with the admin key, or to a POST if there is a body. */
    JsonNode admin(String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ingest() + path))
                .header("Authorization", "Bearer " + quickstart.adminKey())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString());
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            body.isEmpty()
                                    ? request.GET().build()
                                    : request.POST(HttpRequest.BodyPublishers.ofString(body))
                                            .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(answer.body());
            }
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The key that retention canaries ask ingest with. */
    Path canaryApiKeyFile() {
        return quickstart.installation().canaryApiKeyFile();
    }

    /** The key that their results are signed with. */
    Path canarySigningKeyFile() {
        return quickstart.installation().canarySigningKeyFile();
    }

    /** Signups and messages so far, and what has become of them. */
    Collection<Life> lives() {
        return quickstart.lives();
    }

    /** Signups and messages that ingest has accepted so far. */
    long accepted() {
        return quickstart.lives().size();
    }

    /** Where something of these texts stands in a file of the quickstart; Kafka, services and website are one process. */
    List<PersonSearch.Finding> find(String... texts) throws IOException {
        return new PersonSearch(List.of(List.of(texts)))
                .findInFiles(
                        directory.toRealPath(), Set.of(directory.toRealPath().resolve("quickstart.lock")))
                .findings();
    }

    @Override
    public void close() throws IOException {
        quickstart.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** Hands the one site of this JVM to test classes that ask for it, and closes it after the last. */
    static final class Provider implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(RunningSite.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RunningSite.class))
                    .computeIfAbsent(RunningSite.class, type -> new RunningSite(), RunningSite.class);
        }
    }
}
