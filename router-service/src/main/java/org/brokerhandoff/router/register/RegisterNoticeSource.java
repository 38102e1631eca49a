package org.brokerhandoff.router.register;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.register.SharedRegister;
import org.brokerhandoff.register.WithdrawalInProgress;
import org.brokerhandoff.router.notify.Notice;
import org.brokerhandoff.router.notify.NoticeSource;
import org.brokerhandoff.schemas.EventCodec;

/**
 * Notices by the register. It is opened when it is first asked, and again until that works: a database that is away delays
 * notices and nothing else. For one thread, but for {@link #close}.
 */
public final class RegisterNoticeSource implements NoticeSource, AutoCloseable {
    private static final Duration FRESHNESS_LIMIT = Duration.ofSeconds(3);

    private final KafkaClients clients;
    private final EventCodec codec;
    private final RegisterSettings settings;
    private final IntPredicate ours;
    private volatile Optional<SharedRegister> opened = Optional.empty();

    /**
     * A source.
     *
     * @param ours whether this router has a partition: one router looks after a signup's notices, as a rule
     */
    public RegisterNoticeSource(KafkaClients clients, EventCodec codec, RegisterSettings settings, IntPredicate ours) {
        this.clients = clients;
        this.codec = codec;
        this.settings = settings;
        this.ours = ours;
    }

    @Override
    public Reading read() {
        SharedRegister register = register();
        int partitions = clients.settings().partitions();
        Set<Integer> own = IntStream.range(0, partitions).filter(ours).boxed().collect(Collectors.toSet());
        // The reading waits: a refusal that is not projected yet would have the wrong broker told, and where no
        // withdrawal is projected one may be waiting to be.
        long askedNanos = System.nanoTime();
        SharedRegister.InProgress found = register.inProgress(own, FRESHNESS_LIMIT);
        Set<Integer> fresh = found.passed();
        Duration waited = Duration.ofNanos(System.nanoTime() - askedNanos);
        List<OpenWithdrawal> withdrawals = found.withdrawals().stream()
                .filter(withdrawal -> fresh.contains(partition(withdrawal.signupId())))
                .map(RegisterNoticeSource::withdrawal)
                .toList();
        return new Reading(
                withdrawals,
                own.stream().filter(partition -> !fresh.contains(partition)).collect(Collectors.toSet()),
                waited);
    }

    @Override
    public int partition(UUID signupId) {
        return EventPartitions.of(signupId, clients.settings().partitions());
    }

    @Override
    public void ended(Collection<UUID> signups) {
        register().ended(signups);
    }

    @Override
    public boolean ours(int partition) {
        return ours.test(partition);
    }

    private SharedRegister register() {
        SharedRegister register = opened.orElseGet(() -> SharedRegister.open(clients, codec, settings));
        opened = Optional.of(register);
        return register;
    }

    private static OpenWithdrawal withdrawal(WithdrawalInProgress withdrawal) {
        return new OpenWithdrawal(
                withdrawal.signupId(),
                withdrawal.withdrawnAt(),
                withdrawal.notices().stream()
                        .map(owed -> notice(withdrawal, owed))
                        .toList());
    }

    private static Notice notice(WithdrawalInProgress withdrawal, OwedNotice owed) {
        return new Notice(
                new Notice.Key(withdrawal.signupId(), owed.broker(), NoticeType.WITHDRAWAL),
                withdrawal.withdrawnAt(),
                owed.delivered(),
                owed.attempts(),
                owed.last().map(last -> new Notice.Sending(last.at(), last.outcome(), last.notBefore())),
                Optional.empty(),
                owed.confirmedAt(),
                owed.escalations());
    }

    /** After the thread that asks has ended. */
    @Override
    public void close() {
        opened.ifPresent(SharedRegister::close);
    }
}
