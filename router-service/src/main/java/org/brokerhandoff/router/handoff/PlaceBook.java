package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.routing.Places.Place;

/** Topic {@code places} as a handoff needs it. Thread-safe. */
public interface PlaceBook {
    /** Whether all has been read that was in the topic when this router began to. Asking begins it. */
    boolean ready();

    /** Places taken in the hour that begins at {@code hour}, by other signups than {@code but}. */
    int takenInHour(String broker, Instant hour, UUID but);

    /** Places taken on the day that begins at {@code day}, by other signups than {@code but}. */
    int takenOnDay(String broker, Instant day, UUID but);

    /** The places that a signup has. */
    List<Place> held(UUID signup);

    /** Asks for a place; the stage completes when this router has read the request, and so knows whether it was granted. */
    CompletionStage<?> request(PlaceRequested request);

    /** Gives a place back, sooner or later; a release that is lost costs a place until its windows end. */
    void release(PlaceReleased release);

    /** Of a router whose brokers have no caps. */
    PlaceBook NONE = new PlaceBook() {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public int takenInHour(String broker, Instant hour, UUID but) {
            return 0;
        }

        @Override
        public int takenOnDay(String broker, Instant day, UUID but) {
            return 0;
        }

        @Override
        public List<Place> held(UUID signup) {
            return List.of();
        }

        @Override
        public CompletionStage<?> request(PlaceRequested request) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("no caps here"));
        }

        @Override
        public void release(PlaceReleased release) {}
    };
}
