package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.brokerhandoff.event.DisclosureDecided;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions about one request that are made at the same time. */
@SuppressWarnings("NullAway.Init") // set before the first test
class DisclosureAtOnceIT extends DisclosureCalls {
    @Test
    void of_two_services_that_decide_at_once_only_the_first_in_the_log_is_told_so(@TempDir Path elsewhere) {
        Installation other = Installation.in(elsewhere, installation.bootstrapServers(), installation.topicPrefix());
        try (IngestWithRegister second =
                other.start(vertx, installation.settings().register())) {
            Website there = new Website(second.port()).ready();
            for (int round = 0; round < 8; round++) {
                String id = signUp();
                String request = entered(Installation.ADMIN, body(id, "court-order"));
                var here = CompletableFuture.supplyAsync(
                        () -> post(website, Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_LAW));
                var away = CompletableFuture.supplyAsync(
                        () -> post(there, Installation.OTHER_ADMIN, request + "/decision", REFUSED));
                List<Website.Answer> answers = List.of(here.join(), away.join());
                assertThat(answers)
                        .describedAs("%s", answers)
                        .extracting(Website.Answer::status)
                        .containsExactlyInAnyOrder(201, 409);
                String told = answers.get(0).status() == 201 ? "granted" : "refused";
                DisclosureDecided first = events(id, DisclosureDecided.class).get(0);
                assertThat(first.getDecision().name()).isEqualToIgnoringCase(told);
                for (Website asked : List.of(website, there)) {
                    assertThat(asked.send(asked.request(request, Installation.ADMIN)
                                            .build())
                                    .json()
                                    .path("state")
                                    .asText())
                            .isEqualTo(told);
                }
            }
        }
    }

    /** They share the slot file, and so the locks beside it. */
    @Test
    void two_services_of_one_host_write_one_decision(@TempDir Path elsewhere) {
        IngestSettings own = installation.settings();
        IngestSettings beside = new IngestSettings(
                own.eventLog(),
                own.custody(),
                own.keysetFile(),
                own.register(),
                elsewhere.resolve("idempotency.db"),
                own.apiKeysFile(),
                own.host(),
                own.port(),
                own.connections(),
                own.operationsHost(),
                own.operationsPort(),
                own.mostUnderWay(),
                own.contacts(),
                own.countriesFile(),
                own.receipts(),
                own.tracing());
        try (IngestService second = IngestService.start(beside, vertx)) {
            Website there = new Website(second.port()).ready();
            for (int round = 0; round < 8; round++) {
                String id = signUp();
                String request = entered(Installation.ADMIN, body(id, "court-order"));
                var here = CompletableFuture.supplyAsync(
                        () -> post(website, Installation.OTHER_ADMIN, request + "/decision", GRANTED_BY_LAW));
                var away = CompletableFuture.supplyAsync(
                        () -> post(there, Installation.OTHER_ADMIN, request + "/decision", REFUSED));
                assertThat(List.of(here.join().status(), away.join().status())).containsExactlyInAnyOrder(201, 409);
                assertThat(events(id, DisclosureDecided.class)).hasSize(1);
            }
        }
    }

    @Test
    void in_one_service_decisions_about_one_request_wait_for_each_other() {
        for (int round = 0; round < 5; round++) {
            String id = signUp();
            String request = entered(Installation.ADMIN, body(id, "court-order"));
            List<Integer> statuses = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> post(
                                    Installation.OTHER_ADMIN,
                                    request + "/decision",
                                    i % 2 == 0 ? GRANTED_BY_LAW : REFUSED)
                            .status()))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .sorted()
                    .toList();
            assertThat(statuses).containsExactly(200, 201, 409, 409);
            assertThat(events(id, DisclosureDecided.class)).hasSize(1);
        }
    }
}
