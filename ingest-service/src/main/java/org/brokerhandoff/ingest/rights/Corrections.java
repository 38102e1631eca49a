package org.brokerhandoff.ingest.rights;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.ingest.accept.CorrectedPerson;
import org.brokerhandoff.ingest.domain.Correction;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.intake.Intake;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.ingest.intake.Request;
import org.brokerhandoff.ingest.intake.Submission;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.status.RegisterReader;

/** Accepts the new data of rectifications, as the {@link Intake} accepts signups, and destroys its keys. */
public final class Corrections {
    private final Intake intake;
    private final RegisterReader register;
    private final KeyCustody custody;
    private final TimeOfReceipt clock;
    private final Terms terms;
    private final NoArgGenerator ids = Generators.timeBasedEpochRandomGenerator(new SecureRandom());

    /**
     * Common settings.
     *
     * @param partitions of the event log
     * @param hold time from acceptance to the proof of the purge
     * @param reading reads the register; not the executor that waits for {@link #take}
     */
    public record Terms(int partitions, Duration hold, Executor reading) {}

    /** Corrections through {@code intake}, whose keys lie in {@code custody}. */
    public Corrections(Intake intake, RegisterReader register, KeyCustody custody, TimeOfReceipt clock, Terms terms) {
        this.intake = intake;
        this.register = register;
        this.custody = custody;
        this.clock = clock;
        this.terms = terms;
    }

    /** An id for new data about a signup: its events are in the signup's partition, so that a reader of one has read the other. */
    UUID newId(UUID signupId) {
        int partition = EventPartitions.of(signupId, terms.partitions());
        UUID id = ids.generate();
        while (EventPartitions.of(id, terms.partitions()) != partition) {
            id = ids.generate();
        }
        return id;
    }

    /**
     * Accepts new data. Does not block; the stage never fails.
     *
     * @param id the one in the log's request
     * @param holder its person is always wiped
     * @param loop where the steps run
     */
    CompletionStage<IntakeOutcome> take(UUID id, UUID signupId, String owner, Holder holder, Executor loop) {
        Optional<Instant> receivedAt = clock.now();
        if (receivedAt.isEmpty()) {
            holder.person().person().wipe();
            return CompletableFuture.completedStage(new IntakeOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT));
        }
        CorrectedPerson person = holder.person();
        Correction correction = new Correction(
                signupId, person.country(), person.language(), person.supplementary(), List.of(holder.broker()));
        Submission submission = new Submission(
                Request.ofCorrection(owner, id, loop),
                new Entry.Corrected(correction),
                person.person(),
                receivedAt.get().truncatedTo(ChronoUnit.MILLIS),
                terms.hold(),
                Optional.of(new Submission.Proviso(id, () -> register.consentStands(signupId, terms.reading()))));
        return CompletableFuture.supplyAsync(() -> intake.submit(submission), loop)
                .thenCompose(outcome -> outcome);
    }

    /**
     * The recipient and the data.
     *
     * @param broker id of the holder of the signup
     * @param person the new data
     */
    record Holder(String broker, CorrectedPerson person) {}

    /**
     * Destroys the keys of corrections that were never offered. Each is restricted first, so that none can be offered between the check and
     * its destruction. Blocks.
     *
     * @return whether none was offered, so that no broker has any or gets one
     */
    boolean destroyedUnsent(List<UUID> ids) {
        boolean unsent = true;
        for (UUID id : ids) {
            Optional<SlotView> slot = Restrictions.await(custody.find(id));
            if (slot.isPresent()) {
                unsent &= destroyedUnsent(id, slot.get().reference());
            }
        }
        return unsent;
    }

    private boolean destroyedUnsent(UUID id, SlotReference slot) {
        RestrictOutcome outcome = Restrictions.await(custody.restrict(slot, id));
        if (outcome instanceof RestrictOutcome.HandoffStarted) {
            // It continues unchanged.
            Restrictions.await(custody.lift(slot, id));
            return false;
        } else if (outcome instanceof RestrictOutcome.AlreadyErased erased) {
            return erased.view().attempt() == 0;
        }
        Restrictions.await(custody.erase(slot, id, EraseReason.WITHDRAWN));
        return true;
    }
}
