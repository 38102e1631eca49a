package org.brokerhandoff.router;

import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Does what ingest does after validation: holds a key, seals, publishes. */
final class SignupSource implements AutoCloseable {
    private final KeyCustody custody;
    private final EventPublisher publisher;
    private final Duration hold;
    private volatile boolean patient;

    record Sent(UUID signupId, SlotReference slot, RecordPosition position, PendingSignup.Sealed sealed) {}

    SignupSource(RouterSettings settings) {
        this.custody = SlotFile.open(settings.custody(), FileKeyset.openOrCreate(settings.keysetFile()));
        this.publisher = new EventPublisher(
                new KafkaClients(settings.eventLog()), new EventCodec(), "/test-source", InstantSource.system());
        this.hold = settings.eventLog().maximumHold();
    }

    /** What the slot says; empty if it was freed. */
    Optional<SlotView> slot(SlotReference slot) {
        return awaited(custody.read(slot));
    }

    KeyCustody custody() {
        return custody;
    }

    EventPublisher publisher() {
        return publisher;
    }

    Sent send(String country, String person, String... recipients) {
        return send(UUID.randomUUID(), country, person, recipients);
    }

    /** As {@link #send}, again and again while Kafka is away. */
    Sent sendUntilAcknowledged(String country, String person, String... recipients) {
        patient = true;
        return send(country, person, recipients);
    }

    Sent send(UUID signupId, String country, String person, String... recipients) {
        Instant now = Instant.now();
        HoldTimes times = HoldTimes.of(now, hold);
        HoldOutcome.Held held = (HoldOutcome.Held)
                custody.hold(signupId, times.keyExpiry()).toCompletableFuture().join();
        List<String> brokers = List.of(recipients);
        SealedSignup unsealed = event(signupId, country, brokers, times, held.slot(), now, new byte[0]);
        byte[] sealed = Sealer.seal(
                held.key(),
                PersonalData.takeOver(person.getBytes(StandardCharsets.UTF_8)),
                SealBinding.FORM,
                SealBinding.of(unsealed).associatedData());
        RecordPosition position = publish(signupId, country, brokers, times, held.slot(), now, sealed);
        awaited(custody.position(
                held.slot(), signupId, LogPosition.inSignups(position.partition(), position.offset())));
        return new Sent(signupId, held.slot(), position, new PendingSignup.Sealed(sealed));
    }

    RecordPosition publish(
            UUID signupId,
            String country,
            List<String> brokers,
            HoldTimes times,
            SlotReference slot,
            Instant now,
            byte[] sealed) {
        SealedSignup event = event(signupId, country, brokers, times, slot, now, sealed);
        while (true) {
            try {
                return publisher
                        .publish(Topic.SIGNUPS, signupId, event)
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException e) {
                if (!patient) {
                    throw e;
                }
            }
        }
    }

    private static SealedSignup event(
            UUID signupId,
            String country,
            List<String> brokers,
            HoldTimes times,
            SlotReference slot,
            Instant now,
            byte[] sealed) {
        return SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(signupId))
                .setPersonSchema(1)
                .setSlot(slot.slot())
                .setGeneration(slot.generation())
                .setReceivedAt(now)
                .setKeyExpiry(times.keyExpiry())
                .setEraseBy(times.eraseBy())
                .setCountry(country)
                .setLanguage("nb")
                .setPolicyVersion("v1")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(brokers)
                .setConsentGivenAt(now)
                .setSealedPerson(ByteBuffer.wrap(sealed))
                .build();
    }

    @Override
    public void close() {
        publisher.close();
        custody.close();
    }
}
