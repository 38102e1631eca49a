package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

/** Places under caps. */
class NewerPlacesIT extends NewerEvents {
    private PlaceRequested placeRequested(UUID signup, String broker) {
        return PlaceRequested.newBuilder()
                .setSignupId(SignupIds.fixed(signup))
                .setBroker(broker)
                .setRequestedAt(now)
                .setHour(now.truncatedTo(ChronoUnit.HOURS))
                .setDay(now.truncatedTo(ChronoUnit.DAYS))
                .setHourlyCap(10)
                .setDailyCap(100)
                .build();
    }

    private PlaceReleased placeReleased(UUID signup, String broker) {
        return new PlaceReleased(SignupIds.fixed(signup), broker, now.truncatedTo(ChronoUnit.HOURS), now);
    }

    private int taken(KafkaPlaceBook book, String broker) {
        return book.takenInHour(broker, now.truncatedTo(ChronoUnit.HOURS), UUID.randomUUID());
    }

    @Test
    void no_place_is_given_by_a_router_that_cannot_read_all_that_were_taken() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        publisher
                .publishOf(Topic.PLACES, "fjord-markets", placeRequested(first, "fjord-markets"))
                .toCompletableFuture()
                .join();
        RecordPosition newer = publisher
                .publishOf(Topic.PLACES, "fjord-markets", placeReleased(first, "fjord-markets"))
                .toCompletableFuture()
                .join();
        publisher
                .publishOf(Topic.PLACES, "fjord-markets", placeRequested(second, "fjord-markets"))
                .toCompletableFuture()
                .join();
        try (KafkaPlaceBook older = new KafkaPlaceBook(
                clients, publisher, EventCodec.olderThan(PlaceReleased.class), InstantSource.system())) {
            assertThat(older.ready()).isFalse();
            await().atMost(LIMIT).until(() -> older.stopped().isPresent());
            assertThat(older.stopped().orElseThrow())
                    .contains("places-" + newer.partition() + "@" + newer.offset(), NEWER);
            assertThat(older.ready()).isFalse();
            assertThat(taken(older, "fjord-markets"))
                    .as("stopped in front of it")
                    .isEqualTo(1);
        }
        try (KafkaPlaceBook upgraded = new KafkaPlaceBook(clients, publisher, CODEC, InstantSource.system())) {
            await().atMost(LIMIT).until(upgraded::ready);
            assertThat(upgraded.stopped()).isEmpty();
            assertThat(taken(upgraded, "fjord-markets")).isEqualTo(1);
            assertThat(upgraded.held(first)).isEmpty();
            assertThat(upgraded.held(second)).hasSize(1);
        }
    }

    @Test
    void a_router_that_gave_places_stops_giving_them_at_the_first_newer_event_and_counts_nothing_twice() {
        UUID first = UUID.randomUUID();
        try (KafkaPlaceBook older = new KafkaPlaceBook(
                clients, publisher, EventCodec.olderThan(PlaceReleased.class), InstantSource.system())) {
            await().atMost(LIMIT).until(older::ready);
            older.request(placeRequested(first, "fjord-markets"))
                    .toCompletableFuture()
                    .join();
            assertThat(older.held(first)).hasSize(1);
            publisher
                    .publishOf(Topic.PLACES, "fjord-markets", placeReleased(first, "fjord-markets"))
                    .toCompletableFuture()
                    .join();
            await().atMost(LIMIT).until(() -> !older.ready() && older.stopped().isPresent());
            // It opens the topic again every second meanwhile.
            assertThat(taken(older, "fjord-markets")).isEqualTo(1);
            assertThat(older.request(placeRequested(UUID.randomUUID(), "fjord-markets")))
                    .failsWithin(LIMIT);
            assertThat(taken(older, "fjord-markets")).isEqualTo(1);
            assertThat(older.ready()).isFalse();
        }
    }
}
