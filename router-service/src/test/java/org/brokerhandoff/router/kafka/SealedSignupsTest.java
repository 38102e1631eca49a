package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.brokerhandoff.event.ParkedSignup;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class SealedSignupsTest {
    private static SealedSignup random(Random random) {
        return builder(random).build();
    }

    private static SealedSignup.Builder builder(Random random) {
        byte[] sealed = new byte[random.nextInt(500)];
        random.nextBytes(sealed);
        List<String> recipients = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            recipients.add("broker-" + i);
        }
        return SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(Examples.uuid(random)))
                .setPersonSchema(1 + random.nextInt(9))
                .setSlot(random.nextInt(1 << 20))
                .setGeneration(random.nextInt(1 << 24))
                .setReceivedAt(Instant.ofEpochMilli(random.nextInt()))
                .setKeyExpiry(Instant.ofEpochMilli(random.nextInt()))
                .setEraseBy(Instant.ofEpochMilli(random.nextInt()))
                .setCountry("NO")
                .setLanguage(random.nextBoolean() ? null : "nb-NO")
                .setPolicyVersion("v" + random.nextInt(100))
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(recipients)
                .setConsentGivenAt(Instant.ofEpochMilli(random.nextInt()))
                .setSealedPerson(ByteBuffer.wrap(sealed));
    }

    @Test
    void a_signup_comes_back_byte_for_byte() {
        Random random = new Random(12);
        for (int i = 0; i < 500; i++) {
            byte[] encoded = Examples.CODEC.encode(random(random));
            SealedSignup event = (SealedSignup) ((Decoded.Event) Examples.CODEC.decode(encoded)).event();
            PendingSignup signup =
                    SealedSignups.pending(event, 3, 99, Examples.RECEIVED).orElseThrow();
            assertThat(signup.partition()).isEqualTo(3);
            assertThat(signup.offset()).isEqualTo(99);
            assertThat(signup.appendedAt()).isEqualTo(Examples.RECEIVED);
            assertThat(Examples.CODEC.encode(SealedSignups.event(signup))).isEqualTo(encoded);
        }
    }

    @Test
    void a_parked_copy_carries_the_history() {
        PendingSignup signup = SealedSignups.pending(random(new Random(16)), 0, 7, Examples.RECEIVED)
                .orElseThrow();
        History history = History.NONE
                .assigned(new Assignment("a", 0, Examples.RECEIVED))
                .refused("a")
                .assigned(new Assignment("b", 1, Examples.RECEIVED))
                .released("b")
                .declined("c")
                .assigned(new Assignment("d", 2, Examples.RECEIVED))
                .foundPostponed()
                .foundParked();
        byte[] encoded =
                Examples.CODEC.encode(SealedSignups.parked(signup, history, Optional.empty(), Examples.RECEIVED));
        ParkedSignup copy = (ParkedSignup) ((Decoded.Event) Examples.CODEC.decode(encoded)).event();
        History carried = SealedSignups.parked(copy, 0, 9, Examples.RECEIVED)
                .orElseThrow()
                .parking()
                .orElseThrow()
                .history();
        assertThat(carried)
                .usingRecursiveComparison()
                .ignoringFields("assignments")
                .isEqualTo(history);
        assertThat(carried.assignments())
                .as("those that stand; of the others the log knows")
                .isEqualTo(history.open());
    }

    @Test
    void without_the_purpose_the_consent_covers_nobody() {
        SealedSignup event = builder(new Random(13)).setPurposes(List.of()).build();
        assertThat(SealedSignups.pending(event, 0, 0, Examples.RECEIVED)
                        .orElseThrow()
                        .recipients())
                .isEmpty();
    }

    @Test
    void a_slot_that_cannot_be_is_no_signup() {
        SealedSignup.Builder event = builder(new Random(14));
        assertThat(SealedSignups.pending(event.setSlot(-1).build(), 0, 0, Examples.RECEIVED))
                .isEmpty();
        assertThat(SealedSignups.pending(event.setSlot(1).setGeneration(1 << 24).build(), 0, 0, Examples.RECEIVED))
                .isEmpty();
    }

    @Test
    void neither_a_pending_signup_nor_its_seal_prints_the_seal() {
        PendingSignup signup = SealedSignups.pending(random(new Random(15)), 0, 0, Examples.RECEIVED)
                .orElseThrow();
        assertThat(signup.toString()).contains("sealed bytes").doesNotContain("[B@");
    }
}
