package org.brokerhandoff.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A website acts only on its own signups, whichever of its keys it uses, and keys change while the service runs. */
class OwnershipIT extends RunningIngest {
    @Test
    void a_foreign_signup_is_answered_exactly_as_one_that_does_not_exist_and_stays_untouched() {
        for (String id : List.of(
                id(website.signUp("mine", Website.body("Kari Nordmann")), "signupId"),
                id(website.contact("mine", Website.message("Kari Nordmann")), "messageId"))) {
            String unknown = "0199ffff-ffff-7fff-bfff-" + id.substring(24);
            for (String secret : List.of(Installation.OTHER_WEBSITE)) {
                for (String path : List.of("", "/receipt")) {
                    sameRefusal(get(secret, "/v1/signups/" + id + path), get(secret, "/v1/signups/" + unknown + path));
                }
                sameRefusal(withdraw(secret, id), withdraw(secret, unknown));
            }
            assertThat(get(Installation.ADMIN, "/v1/signups/" + id).status()).isEqualTo(403);
            assertThat(withdraw(Installation.ADMIN, id).status()).isEqualTo(403);

            try (SlotFile custody = installation.custody()) {
                assertThat(awaited(custody.find(UUID.fromString(id)))
                                .orElseThrow()
                                .state())
                        .isEqualTo(SlotState.HELD);
            }
            assertThat(website.get("/v1/signups/" + id).json().path("status").asText())
                    .isEqualTo("RECEIVED");
            assertThat(withdrawals(id)).isZero();

            Website.Answer own = website.withdraw(id);
            assertThat(own.status()).describedAs("%s", own).isEqualTo(200);
            assertThat(withdrawals(id)).isOne();
            // Also once it is over.
            sameRefusal(withdraw(Installation.OTHER_WEBSITE, id), withdraw(Installation.OTHER_WEBSITE, unknown));
            assertThat(withdrawals(id)).isOne();
        }
    }

    @Test
    void a_foreign_withdrawal_at_the_same_moment_is_not_given_the_owners_answer() {
        for (int round = 0; round < 20; round++) {
            String id = id(website.signUp("race-" + round, Website.body("Kari Nordmann")), "signupId");
            var foreign =
                    java.util.concurrent.CompletableFuture.supplyAsync(() -> withdraw(Installation.OTHER_WEBSITE, id));
            assertThat(website.withdraw(id).status()).isEqualTo(200);
            assertThat(foreign.join().status()).isEqualTo(404);
        }
    }

    @Test
    void one_idempotency_key_of_two_owners_names_two_signups_and_the_log_names_the_owners() {
        Website.Answer first = website.signUp("same-key", Website.body("Kari Nordmann"));
        Website.Answer second = signUp(Installation.OTHER_WEBSITE, "same-key");

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Idempotency-Replayed")).isEmpty();
        assertThat(id(second, "signupId")).isNotEqualTo(id(first, "signupId"));
        assertThat(LogReader.events(installation, Topic.CONSENTS, ConsentGranted.class))
                .filteredOn(
                        event -> SignupIds.uuid(event.getSignupId()).toString().equals(id(second, "signupId")))
                .allSatisfy(event -> assertThat(event.getOwner()).isEqualTo("website-2"));
        website.contact("owned-message", Website.message("Kari Nordmann"));
        assertThat(LogReader.events(installation, Topic.CONSENTS, ContactReceived.class))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getOwner()).isEqualTo("website-1"));
    }

    @Test
    void keys_are_rotated_under_a_running_service_and_a_removed_one_stops_on_open_connections(@TempDir Path elsewhere)
            throws IOException {
        Installation own = Installation.in(
                elsewhere, installation.bootstrapServers(), TestKafka.shared().randomTopicPrefix());
        try (IngestWithRegister rotating = own.start(vertx)) {
            Website client = new Website(rotating.port()).ready();
            String id = id(client.signUp("rotation", Website.body("Kari Nordmann")), "signupId");
            String before = Files.readString(elsewhere.resolve("api-keys.yaml"));

            replace(own, before + Installation.line("website-1-next, owner: website-1", "website", "next"));
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> get(client, "next", "/v1/signups/" + id).status() == 200);
            // The same client, so the same pooled connection.
            assertThat(get(client, Installation.WEBSITE, "/v1/signups/" + id).status())
                    .isEqualTo(200);
            assertThat(signUp(client, "next", "rotation").header("Idempotency-Replayed"))
                    .isEqualTo("true");

            replace(
                    own,
                    "keys:\n" + Installation.line("website-1-next, owner: website-1", "website", "next")
                            + Installation.line("admin-1", "admin", Installation.ADMIN));
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> get(client, Installation.WEBSITE, "/v1/signups/" + id)
                                    .status()
                            == 401);
            assertThat(get(client, Installation.OTHER_WEBSITE, "/v1/signups/" + id)
                            .status())
                    .isEqualTo(401);
            assertThat(get(client, "next", "/v1/signups/" + id).status()).isEqualTo(200);

            replace(own, "keys: oops");
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> get(client, "next", "/health/ready")
                            .response()
                            .body()
                            .contains("api-keys-invalid"));
            assertThat(get(client, "next", "/health/ready").status()).isEqualTo(200);
            assertThat(client.send(client.request("/v1/signups/" + id + "/withdrawal", "next")
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build())
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_owner_survives_a_restart_and_a_rebuild_of_the_register(@TempDir Path elsewhere) throws IOException {
        Installation own = Installation.in(
                elsewhere, installation.bootstrapServers(), TestKafka.shared().randomTopicPrefix());
        String id;
        try (IngestWithRegister first = own.start(vertx)) {
            id = id(new Website(first.port()).ready().signUp("restart", Website.body("Kari Nordmann")), "signupId");
        }
        for (String file : List.of("register.db", "register.db-wal", "register.db-shm")) {
            Files.deleteIfExists(elsewhere.resolve(file));
        }
        try (IngestWithRegister second = own.start(vertx)) {
            Website client = new Website(second.port()).ready();
            assertThat(get(client, Installation.OTHER_WEBSITE, "/v1/signups/" + id)
                            .status())
                    .isEqualTo(404);
            assertThat(client.get("/v1/signups/" + id).status()).isEqualTo(200);
            try (SlotFile custody = own.custody()) {
                custody.erase(
                                awaited(custody.find(UUID.fromString(id)))
                                        .orElseThrow()
                                        .reference(),
                                UUID.fromString(id),
                                EraseReason.EXPIRED)
                        .toCompletableFuture()
                        .join();
            }
            assertThat(client.withdraw(id).status()).isEqualTo(200);
        }
    }

    private static void sameRefusal(Website.Answer foreign, Website.Answer unknown) {
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.response().body()).isEqualTo(unknown.response().body());
        assertThat(foreign.response().headers().map())
                .isEqualTo(unknown.response().headers().map());
        assertThat(unknown.status()).isEqualTo(404);
    }

    private long withdrawals(String id) {
        return LogReader.events(installation, Topic.CONSENTS, ConsentWithdrawn.class).stream()
                .filter(event -> SignupIds.uuid(event.getSignupId()).toString().equals(id))
                .count();
    }

    private static void replace(Installation installation, String text) throws IOException {
        Path next = Files.writeString(installation.directory().resolve("next"), text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, installation.directory().resolve("api-keys.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String id(Website.Answer answer, String member) {
        assertThat(answer.status()).describedAs("%s", answer).isEqualTo(202);
        return answer.json().path(member).asText();
    }

    private Website.Answer get(String secret, String path) {
        return get(website, secret, path);
    }

    private static Website.Answer get(Website client, String secret, String path) {
        return client.send(client.request(path, secret).GET().build());
    }

    private Website.Answer withdraw(String secret, String id) {
        return website.send(website.request("/v1/signups/" + id + "/withdrawal", secret)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private Website.Answer signUp(String secret, String key) {
        return signUp(website, secret, key);
    }

    private static Website.Answer signUp(Website client, String secret, String key) {
        return client.send(client.request("/v1/signups", secret)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(Website.body("Kari Nordmann")))
                .build());
    }
}
