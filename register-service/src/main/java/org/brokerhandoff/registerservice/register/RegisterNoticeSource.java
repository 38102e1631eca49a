package org.brokerhandoff.registerservice.register;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.NoticeCause;
import org.brokerhandoff.register.NoticesInProgress;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.registerservice.notify.Notice;
import org.brokerhandoff.registerservice.notify.NoticeSource;

/** Notices by the register, for the partitions that this process projects: each of several register services handles its own. */
public final class RegisterNoticeSource implements NoticeSource {
    private static final Duration FRESHNESS_LIMIT = Duration.ofSeconds(3);

    private final FreshRegister register;
    private final Supplier<Optional<Set<Integer>>> ours;
    private final int partitions;

    /**
     * A source.
     *
     * @param ours the partitions of this process; empty during a rebalance
     * @param partitions number of partitions
     */
    public RegisterNoticeSource(FreshRegister register, Supplier<Optional<Set<Integer>>> ours, int partitions) {
        this.register = register;
        this.ours = ours;
        this.partitions = partitions;
    }

    @Override
    public Reading read() {
        Optional<Set<Integer>> settled = ours.get();
        if (settled.isEmpty()) {
            // Any of them may be assigned to this process in a moment, as it may have been before.
            return new Reading(
                    List.of(), IntStream.range(0, partitions).boxed().collect(Collectors.toSet()), Duration.ZERO);
        }
        Set<Integer> own = settled.get();
        // Reading waits: an unprojected refusal would have the wrong broker notified, and where no withdrawal is
        // projected one may be pending.
        long askedNanos = System.nanoTime();
        FreshRegister.InProgress found = register.inProgress(own, FRESHNESS_LIMIT);
        Set<Integer> fresh = found.passed();
        Duration waited = Duration.ofNanos(System.nanoTime() - askedNanos);
        List<OpenCause> causes = found.causes().stream()
                .filter(cause -> fresh.contains(partition(cause.cause().signupId())))
                .map(RegisterNoticeSource::cause)
                .toList();
        return new Reading(
                causes,
                own.stream().filter(partition -> !fresh.contains(partition)).collect(Collectors.toSet()),
                waited);
    }

    @Override
    public int partition(UUID signupId) {
        return EventPartitions.of(signupId, partitions);
    }

    @Override
    public void ended(Collection<Cause> causes) {
        register.ended(causes.stream()
                .map(cause -> new NoticeCause(cause.signupId(), cause.requestId()))
                .toList());
    }

    @Override
    public boolean ours(int partition) {
        return ours.get().filter(own -> own.contains(partition)).isPresent();
    }

    private static OpenCause cause(NoticesInProgress found) {
        return new OpenCause(
                new Cause(found.cause().signupId(), found.cause().requestId()),
                found.occurredAt(),
                found.notices().stream().map(owed -> notice(found, owed)).toList());
    }

    private static Notice notice(NoticesInProgress found, OwedNotice owed) {
        return new Notice(
                new Notice.Key(
                        found.cause().signupId(),
                        owed.broker(),
                        found.type(),
                        found.cause().requestId()),
                found.occurredAt(),
                owed.delivered(),
                owed.attempts(),
                owed.last().map(last -> new Notice.Sending(last.at(), last.outcome(), last.notBefore())),
                Optional.empty(),
                answer(owed),
                owed.escalations());
    }

    /** A broker that answered both has done it: its earlier refusal is superseded. */
    private static Optional<Notice.Answer> answer(OwedNotice owed) {
        return owed.confirmedAt()
                .<Notice.Answer>map(Notice.Confirmed::new)
                .or(() -> owed.refusal().map(refusal -> new Notice.Refused(refusal.at(), refusal.ground())));
    }
}
