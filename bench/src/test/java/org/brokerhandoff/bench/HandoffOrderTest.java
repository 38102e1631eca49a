package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class HandoffOrderTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID ID = new UUID(7, 9);

    static {
        // Registers the event classes as trusted with Avro.
        new EventCodec();
    }

    @Test
    void a_refusal_a_second_broker_and_a_repeat_are_in_order() {
        HandoffOrder order = order(
                assigned("first", 0),
                refused("first"),
                assigned("second", 1),
                delivered("second"),
                assigned("first", 0));

        assertThat(order.problems()).isEmpty();
        assertThat(order.count("repeats")).isEqualTo(1);
        assertThat(order.count("Assigned")).isEqualTo(2);
        assertThat(order.assigned(ID, "second")).contains(NOON.plusMillis(2));
        assertThat(order.assigned(ID, "third")).isEmpty();
    }

    @Test
    void what_no_life_can_have_is_named() {
        assertThat(order(delivered("first")).problems())
                .containsExactly(ID + ": Delivered of first before its assignment");
        assertThat(order(assigned("first", 0), assigned("second", 2)).problems())
                .containsExactly(ID + ": hop 2 does not follow the one before");
        assertThat(order(assigned("first", 0), delivered("first"), refused("first"))
                        .problems())
                .containsExactly(ID + ": Refused after its end");
    }

    private static HandoffOrder order(SpecificRecord... events) {
        HandoffOrder order = new HandoffOrder();
        for (int i = 0; i < events.length; i++) {
            order.take(events[i], NOON.plusMillis(i));
        }
        return order;
    }

    private static Assigned assigned(String broker, int hop) {
        return Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setBroker(broker)
                .setHop(hop)
                .setDirectoryDigest(new Digest(new byte[32]))
                .setDecidedAt(NOON)
                .setCountry("NO")
                .setRecipients(List.of(broker))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .setPurpose(Purpose.BROKER_HANDOFF)
                .build();
    }

    private static Refused refused(String broker) {
        return new Refused(SignupIds.fixed(ID), broker, 1, NOON, NOON, RefusalReason.REJECTED, 422);
    }

    private static Delivered delivered(String broker) {
        return new Delivered(SignupIds.fixed(ID), broker, 1, NOON, NOON, false, 200);
    }
}
