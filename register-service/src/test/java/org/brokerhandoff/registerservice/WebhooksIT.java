package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.registerservice.WebhookReceiver.Arrival;
import org.brokerhandoff.registerservice.WebhookReceiver.Reaction;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks to real receivers: content, signatures, order, and the handling of misbehaving receivers. */
@SuppressWarnings("NullAway.Init") // set before each test
class WebhooksIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private FeedFixture fixture;
    private WebhookReceiver shop;

    @BeforeEach
    void prepare(@TempDir Path directory) {
        fixture = new FeedFixture(directory);
        shop = fixture.receiver();
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private void awaitLife(WebhookReceiver receiver, String signup) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(receiver.taken(signup)).isEqualTo(FeedFixture.LIFE));
    }

    /** Starts a service with these feeds, which have existed since the log began. */
    private RegisterService start(String... feeds) {
        fixture.feeds("feeds:\n" + String.join("", feeds));
        for (String feed : feeds) {
            fixture.beginsAtTheBeginning(feed.substring(feed.indexOf("id: ") + 4, feed.indexOf(',')), Instant.now());
        }
        return fixture.register.start();
    }

    private static Health health(RegisterService service) {
        return service.health().stream()
                .filter(check -> check.name().equals("feeds"))
                .map(HealthCheck::check)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_website_gets_its_own_signups_in_order_with_signatures_of_both_secrets_and_no_others() {
        WebhookReceiver other = fixture.receiver();
        WebhookReceiver purges = fixture.receiver();
        start(
                FeedFixture.local("shop", "website-1", shop),
                FeedFixture.local("other", "website-2", other),
                FeedFixture.feed("purges", "website-1", purges.endpoint(), ", local: true, types: [signup.purged]"));
        List<String> own = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int at = 0; at < 20; at++) {
            own.add(fixture.handedOver("website-1"));
            others.add(fixture.handedOver("website-2"));
        }
        UUID withdrawn = UUID.fromString(own.get(0));
        fixture.register.withdraw(withdrawn);
        UUID neverAccepted = UUID.randomUUID();
        fixture.purged(neverAccepted);
        fixture.register
                .publish(
                        Topic.HANDOFFS,
                        new BrokerSuspended(
                                "fjord-markets",
                                new RandomId(new byte[16]),
                                Facts.now(),
                                SuspensionReason.GONE,
                                410,
                                Facts.now().plusSeconds(60)))
                .join();

        for (String signup : own.subList(1, own.size())) {
            awaitLife(shop, signup);
        }
        others.forEach(signup -> awaitLife(other, signup));
        // The broker did it on its own, and the register service records that in the log that it reads here.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(shop.taken(withdrawn.toString()))
                        .isEqualTo(List.of(
                                "signup.assigned",
                                "signup.delivered",
                                "signup.purged",
                                "withdrawal.recorded",
                                "withdrawal.confirmed")));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(List.of(shop, other))
                        .allSatisfy(each -> assertThat(each.arrivals())
                                .extracting(Arrival::type)
                                .contains("broker.suspended")));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(purges.arrivals())
                        .extracting(Arrival::signup)
                        .containsExactlyInAnyOrderElementsOf(own));
        assertThat(purges.arrivals()).extracting(Arrival::type).containsOnly("signup.purged");
        assertThat(shop.arrivals()).extracting(Arrival::signup).doesNotContainAnyElementsOf(others);
        assertThat(other.arrivals()).extracting(Arrival::signup).doesNotContainAnyElementsOf(own);
        assertThat(shop.arrivals()).extracting(Arrival::signup).doesNotContain(neverAccepted.toString());
        assertThat(shop.arrivals()).allSatisfy(arrival -> {
            assertThat(arrival.signatures()).hasSize(2);
            assertThat(arrival.signedWith(fixture.secret)).isTrue();
            assertThat(arrival.signedWith(fixture.former)).isTrue();
            assertThat(arrival.id()).isEqualTo(arrival.entry().path("id").asText());
            assertThat(arrival.contentType()).isEqualTo("application/json");
        });
        assertThat(shop.arrivals()).extracting(Arrival::id).doesNotHaveDuplicates();
    }

    @Test
    void a_receiver_that_fails_in_every_way_gets_all_of_it_in_order_and_holds_up_no_other_feed_and_no_notice() {
        WebhookReceiver well = fixture.receiver();
        boolean[] mended = {false};
        shop.behave((number, arrival) -> mended[0]
                ? Reaction.status(200)
                : switch (number % 6) {
                    case 0 -> Reaction.status(500);
                    case 1 -> Reaction.silence();
                    case 2 -> Reaction.status(302, "location", shop.other());
                    case 3 -> Reaction.hangUp();
                    case 4 -> Reaction.status(429, "retry-after", "1");
                    default -> Reaction.status(404);
                });
        RegisterService service =
                start(FeedFixture.local("shop", "website-1", shop), FeedFixture.local("well", "website-1", well));
        List<String> signups = new ArrayList<>();
        for (int at = 0; at < 10; at++) {
            signups.add(fixture.handedOver("website-1"));
        }
        signups.forEach(signup -> awaitLife(well, signup));
        UUID withdrawn = fixture.register.delivered();
        fixture.register.withdraw(withdrawn);
        await().atMost(LIMIT).until(() -> fixture.register.notice(withdrawn).isPresent());
        await().atMost(LIMIT).until(() -> shop.arrivals().size() >= 7);
        assertThat(shop.taken()).isEmpty();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(service).toString()).contains("an entry of"));

        mended[0] = true;
        signups.forEach(signup -> awaitLife(shop, signup));
        assertThat(shop.elsewhere()).describedAs("redirects are not followed").isEmpty();
        assertThat(shop.arrivals()).allMatch(arrival -> arrival.signedWith(fixture.secret));
        // A repeat is the same fact under the same id.
        for (String id : shop.arrivals().stream().map(Arrival::id).collect(Collectors.toSet())) {
            assertThat(shop.arrivals().stream()
                            .filter(arrival -> arrival.id().equals(id))
                            .map(Arrival::body)
                            .distinct())
                    .hasSize(1);
        }
        assertThat(well.arrivals()).extracting(Arrival::id).doesNotHaveDuplicates();
    }

    @Test
    void a_receiver_that_is_gone_is_left_alone_until_its_entry_changes() {
        WebhookReceiver next = fixture.receiver();
        shop.behave((number, arrival) -> Reaction.status(410));
        RegisterService service = start(FeedFixture.local("shop", "website-1", shop));
        String first = fixture.handedOver("website-1");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(service).toString()).contains("feed-gone"));
        int asked = shop.arrivals().size();
        String second = fixture.handedOver("website-1");
        await().during(Duration.ofSeconds(3))
                .atMost(LIMIT)
                .until(() -> shop.arrivals().size() == asked);

        fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", next));
        awaitLife(next, first);
        awaitLife(next, second);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health(service)).isInstanceOf(Health.Healthy.class));
    }

    @Test
    void a_feed_that_is_added_begins_now_one_that_is_invalid_changes_nothing_and_one_that_is_left_out_ends() {
        RegisterService service = fixture.register.start();
        String before = fixture.handedOver("website-1");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health(service)).isInstanceOf(Health.Healthy.class));
        fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", shop));
        // From outside its start is not visible: signups are handed over until one is reported.
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
            fixture.handedOver("website-1");
            return !shop.arrivals().isEmpty();
        });
        String whole = fixture.handedOver("website-1");
        awaitLife(shop, whole);
        assertThat(shop.arrivals()).extracting(Arrival::signup).doesNotContain(before);

        fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", shop) + "  - {id: x}\n");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(service).toString()).contains("feeds-invalid"));
        awaitLife(shop, fixture.handedOver("website-1"));

        fixture.feeds("feeds: []\n");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health(service)).isInstanceOf(Health.Healthy.class));
        int told = shop.arrivals().size();
        fixture.handedOver("website-1");
        await().during(Duration.ofSeconds(2))
                .atMost(LIMIT)
                .until(() -> shop.arrivals().size() == told);
    }

    @Test
    void a_private_address_gets_nothing_unless_the_feed_says_local() {
        String secure = shop.endpoint().replace("http://", "https://");
        WebhookReceiver well = fixture.receiver();
        RegisterService service =
                start(FeedFixture.feed("shop", "website-1", secure, ""), FeedFixture.local("well", "website-1", well));
        String signup = fixture.handedOver("website-1");
        awaitLife(well, signup);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(service).toString()).contains("shop=", "an entry of"));
        assertThat(shop.arrivals()).isEmpty();

        fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", shop));
        awaitLife(shop, signup);
    }

    @Test
    void a_rectification_is_told_of_as_a_request_and_its_new_data_as_no_signup() {
        start(FeedFixture.local("shop", "website-1", shop));
        UUID signup = UUID.fromString(fixture.handedOver("website-1"));
        UUID request = UUID.randomUUID();
        UUID newData = UUID.randomUUID();
        RightsRequested asked = RightsRequested.newBuilder(
                        requested(signup, request, Instant.now().plus(Duration.ofDays(30))))
                .setType(RightsType.RECTIFICATION)
                .setSealedAs(SignupIds.fixed(newData))
                .build();
        fixture.register.publish(Topic.CONSENTS, signup, asked).join();
        fixture.register
                .publish(
                        Topic.CONSENTS,
                        newData,
                        ContactReceived.newBuilder()
                                .setSignupId(SignupIds.fixed(newData))
                                .setReceivedAt(Instant.now())
                                .setEraseBy(Instant.now().plus(Duration.ofHours(1)))
                                .setPurposes(List.of(Purpose.RECTIFICATION))
                                .setDataCategories(List.of(DataCategory.IDENTITY))
                                .setRecipients(List.of("fjord-markets"))
                                .setOwner("website-1")
                                .setConcerns(SignupIds.fixed(signup))
                                .setRequestId(new RandomId(SignupIds.bytes(newData)))
                                .build())
                .join();
        fixture.register
                .publish(Topic.HANDOFFS, newData, Facts.assigned(newData, "fjord-markets"))
                .join();
        fixture.register
                .publish(Topic.HANDOFFS, newData, Facts.delivered(newData, "fjord-markets"))
                .join();
        fixture.purged(newData);
        awaitLife(shop, fixture.handedOver("website-1"));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(shop.taken(signup.toString()))
                        // Ingest gives new data an id in the signup's partition; these two have separate partitions.
                        .containsExactlyInAnyOrder(
                                "signup.assigned", "signup.delivered", "signup.purged", "request.completed"));
        assertThat(shop.arrivals()).extracting(Arrival::signup).doesNotContain(newData.toString());
        assertThat(shop.arrivals().stream()
                        .filter(arrival -> arrival.type().equals("request.completed"))
                        .map(arrival -> arrival.entry().at("/data/requestId").asText()))
                .containsOnly(request.toString());
    }

    @Test
    void a_deadline_is_told_once_also_after_a_restart_and_only_to_its_owner() {
        WebhookReceiver other = fixture.receiver();
        Instant now = Instant.ofEpochMilli(Instant.now().toEpochMilli());
        UUID signup = UUID.randomUUID();
        UUID near = UUID.randomUUID();
        fixture.granted(signup, "website-1");
        fixture.register
                .publish(
                        Topic.CONSENTS,
                        signup,
                        requested(signup, near, now.plus(Duration.ofDays(7)).minusSeconds(600)))
                .join();
        fixture.register
                .publish(Topic.CONSENTS, signup, requested(signup, UUID.randomUUID(), now.plus(Duration.ofDays(20))))
                .join();
        fixture.feeds("feeds:\n" + FeedFixture.local("shop", "website-1", shop)
                + FeedFixture.local("other", "website-2", other));
        for (String feed : List.of("shop", "other")) {
            fixture.beginsAtTheBeginning(feed, now.minus(Duration.ofHours(1)));
        }
        try (RegisterService service = fixture.register.start()) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(shop.taken(signup.toString())).isEqualTo(List.of("request.deadline-near")));
            // Until that is committed.
            awaitLife(shop, fixture.handedOver("website-1"));
            await().atMost(LIMIT).during(Duration.ofSeconds(2)).until(() -> health(service) instanceof Health.Healthy);
        }
        assertThat(shop.arrivals().get(0).entry().at("/data/requestId").asText())
                .isEqualTo(near.toString());
        fixture.register.start();
        awaitLife(shop, fixture.handedOver("website-1"));
        awaitLife(other, fixture.handedOver("website-2"));
        await().atMost(LIMIT)
                .during(Duration.ofSeconds(3))
                .until(() -> shop.arrivals().stream()
                                .filter(arrival -> arrival.type().equals("request.deadline-near"))
                                .count()
                        == 1);
        assertThat(other.arrivals()).extracting(Arrival::type).doesNotContain("request.deadline-near");
    }

    /** An objection, which is open until it is decided. */
    private static RightsRequested requested(UUID signup, UUID request, Instant dueAt) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setRequestId(new RandomId(SignupIds.bytes(request)))
                .setType(RightsType.OBJECTION)
                .setRequestedAt(dueAt.minus(Duration.ofDays(30)))
                .setDueAt(dueAt)
                .setMethod(RequestMethod.WEBSITE)
                .setFound(HoldingFound.HELD)
                .setActor("website-1")
                .build();
    }
}
