package org.brokerhandoff.bench;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;
import org.brokerhandoff.sandbox.Books;

/** The status of requests while people exercise their rights, continuously compared with the brokers' books. */
final class RightsStatuses {
    private RightsStatuses() {}

    static void sample(Rig rig, RightsRun run, Random random) {
        while (!run.over.get()) {
            List<RightsRun.Asked> requests = List.copyOf(run.requests.values());
            if (!requests.isEmpty()) {
                compare(rig, run, requests.get(random.nextInt(requests.size())));
            }
            try {
                Thread.sleep(requests.isEmpty() ? 50 : 10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What a request's status says and the brokers' books, which only grow, do not. */
    private static void compare(Rig rig, RightsRun run, RightsRun.Asked asked) {
        try {
            Reply reply = rig.website
                    .request(asked.signupId(), asked.requestId())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            if (reply.status() != 200) {
                run.problems.add("the request " + asked.requestId() + " was answered " + reply.status());
                return;
            }
            for (int i = 0; reply.members().containsKey("recipients." + i + ".broker"); i++) {
                String broker = String.valueOf(reply.members().get("recipients." + i + ".broker"));
                Optional<Books.NoticeAccount> book = notice(rig, broker, asked);
                boolean borneOut = switch (String.valueOf(reply.members().get("recipients." + i + ".status"))) {
                    // Of new data, a broker still working on it has all there is.
                    case "completed" ->
                        book.filter(told -> asked.corrects() ? !told.refused() : told.completed())
                                .isPresent();
                    case "refused" -> book.filter(Books.NoticeAccount::refused).isPresent();
                    default -> true;
                };
                if (!borneOut) {
                    run.problems.add(
                            asked.requestId() + " says of " + broker + " what its book does not: " + reply.members());
                }
            }
            run.samples.incrementAndGet();
        } catch (Exception e) {
            run.problems.add("a request was not answered: " + e.getClass().getSimpleName());
        }
    }

    static Optional<Books.NoticeAccount> notice(Rig rig, String broker, RightsRun.Asked asked) {
        return rig.broker(broker).books().account(asked.signupId()).stream()
                .flatMap(account -> account.notices().stream())
                .filter(notice ->
                        notice.requestId().filter(asked.requestId()::equals).isPresent())
                .findFirst();
    }
}
