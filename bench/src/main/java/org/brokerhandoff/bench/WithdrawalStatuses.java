package org.brokerhandoff.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.sandbox.Books;
import org.brokerhandoff.sandbox.SandboxBroker;

/** The status returned to the website while signups are withdrawn, continuously compared with the brokers' books. */
final class WithdrawalStatuses {
    private WithdrawalStatuses() {}

    static void sample(Rig rig, WithdrawalRun run, Random random) {
        while (!run.over.get()) {
            List<UUID> ids = List.copyOf(random.nextInt(4) == 0 ? run.accepted : run.withdrawn.keySet());
            if (ids.isEmpty()) {
                pause(50);
                continue;
            }
            UUID id = ids.get(random.nextInt(ids.size()));
            Optional<String> answered = Optional.ofNullable(run.withdrawn.get(id));
            List<String> takersBefore = rig.takers(id);
            try {
                Reply reply = rig.website
                        .status(id)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
                if (reply.status() != 200) {
                    run.problems.add("the status of " + id + " was answered " + reply.status() + " " + reply.members());
                    continue;
                }
                lies(rig, id, answered, takersBefore, reply.members())
                        .forEach(lie -> run.problems.add("the status of " + id + " " + lie));
                run.samples.incrementAndGet();
                run.states
                        .computeIfAbsent(
                                reply.members().get("status") + "/"
                                        + reply.members().getOrDefault("withdrawal.notice.state", "-"),
                                state -> new AtomicInteger())
                        .incrementAndGet();
            } catch (Exception e) {
                run.problems.add("the status of " + id + " was not answered: "
                        + e.getClass().getSimpleName());
            }
            pause(5);
        }
    }

    /** What the status says and the brokers' books, which only grow, do not; or what it said before and no longer says. */
    private static List<String> lies(
            Rig rig, UUID id, Optional<String> answered, List<String> takersBefore, Map<String, String> status) {
        List<String> lies = new ArrayList<>();
        String broker = status.get("broker.id");
        if ("DELIVERED".equals(status.get("status")) && !rig.takers(id).contains(broker)) {
            lies.add("says that " + broker + " has it, and it has not");
        }
        if (answered.isPresent()
                && !("WITHDRAWN".equals(status.get("status"))
                        && answered.get().equals(status.get("withdrawal.outcome")))) {
            lies.add("lacks the withdrawal that was answered " + answered.get() + ": " + status);
        }
        boolean confirmed = "CONFIRMED".equals(status.get("withdrawal.notice.state"));
        if (confirmed != status.containsKey("withdrawal.brokerConfirmedAt")) {
            lies.add("contradicts itself about the confirmation");
        }
        if (confirmed
                && !(rig.takers(id).stream().allMatch(taker -> completed(rig.broker(taker), id))
                        && rig.brokers.values().stream().anyMatch(each -> completed(each, id)))) {
            lies.add("says that the notice is confirmed, and the broker's book does not");
        }
        if (WithdrawalsCommand.STARTED.equals(status.get("withdrawal.outcome"))
                && !takersBefore.isEmpty()
                && !status.containsKey("withdrawal.notice.state")) {
            lies.add("is silent about the notice to " + takersBefore);
        }
        return lies;
    }

    static boolean completed(SandboxBroker broker, UUID id) {
        return broker.books()
                .account(id)
                .filter(account -> account.notices().stream().anyMatch(Books.NoticeAccount::completed))
                .isPresent();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
