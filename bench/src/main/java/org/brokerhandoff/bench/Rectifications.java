package org.brokerhandoff.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.brokerhandoff.quickstart.traffic.WebsiteClient.Reply;

/** People who correct a broker's data about them, some of whom then withdraw. */
final class Rectifications {
    private static final JsonObject PERSON = new JsonObject()
            .put("fullName", "Kari Nordmann")
            .put("email", "kari.nordmann@example.no")
            .put("country", "NO");
    private static final Duration AGAIN = Duration.ofMillis(400);
    /** Longer than an attempt that was in progress at a withdrawal may take. */
    private static final Duration UNDER_WAY = Duration.ofMillis(2_500);

    private Rectifications() {}

    /** Submits new data as soon as that is possible; withdraws after {@code nextMillis}, if planned. */
    static void begin(Rig rig, RightsRun run, UUID id, RightsRun.Plan plan, long nextMillis) {
        var unused = rig.website.rectify(id, PERSON).onComplete(reply -> {
            Reply answer = reply.succeeded() ? reply.result() : null;
            if (answer != null && answer.status() == 409) {
                String code = String.valueOf(answer.members().get("code"));
                if (code.equals("not-handed-over-yet") || code.equals("rectification-under-way")) {
                    var unusedTimer =
                            rig.vertx.setTimer(AGAIN.toMillis(), timer -> begin(rig, run, id, plan, nextMillis));
                } else {
                    run.problems.add("new data of " + id + " was refused: " + code);
                    run.open.decrementAndGet();
                }
            } else if (run.taken(rig, id, reply.succeeded(), reply.result()).isEmpty()
                    || plan == RightsRun.Plan.RECTIFICATION) {
                run.open.decrementAndGet();
            } else {
                var unusedTimer = rig.vertx.setTimer(nextMillis / 20, timer -> withdraw(rig, run, id));
            }
        });
    }

    private static void withdraw(Rig rig, RightsRun run, UUID id) {
        var unused = rig.website.withdraw(id).onComplete(reply -> {
            if (!reply.succeeded() || reply.result().status() != 200) {
                run.problems.add("the withdrawal of " + id + " was not answered");
            }
            run.answered("withdrawal after a rectification");
            var unusedTimer = rig.vertx.setTimer(UNDER_WAY.toMillis(), timer -> {
                run.lastArrivals.put(id, arrivals(rig, id));
                run.open.decrementAndGet();
            });
        });
    }

    private static int arrivals(Rig rig, UUID signupId) {
        return rig.brokers.values().stream()
                .flatMap(broker -> broker.books().account(signupId).stream())
                .flatMap(account -> account.notices().stream())
                .filter(notice -> notice.type().equals("rectification"))
                .mapToInt(notice -> notice.arrivals())
                .sum();
    }

    /** Whether all accepted new data is purged. */
    static boolean purged(Rig rig, RightsRun run) {
        return run.requests.values().stream()
                .filter(RightsRun.Asked::corrects)
                .allMatch(asked -> rig.purged(asked.requestId()));
    }

    /** Whether new data was delivered to the holder of the signup, to no other, and never after a withdrawal. */
    static void report(Rig rig, RightsRun run) {
        int arrived = 0;
        for (RightsRun.Asked asked : run.requests.values()) {
            if (!asked.corrects()) {
                continue;
            }
            Set<String> holders = new TreeSet<>(rig.takers(asked.signupId()));
            Set<String> heard = new TreeSet<>();
            rig.brokers.keySet().stream()
                    .filter(broker -> RightsStatuses.notice(rig, broker, asked).isPresent())
                    .forEach(heard::add);
            boolean withdrawn = run.accepted.get(asked.signupId()) == RightsRun.Plan.RECTIFICATION_WITHDRAWN;
            if ((withdrawn && heard.isEmpty()) || heard.equals(holders)) {
                arrived += heard.size();
            } else {
                run.problems.add("new data of " + asked.signupId() + ", which is at " + holders + ", came to " + heard);
            }
        }
        for (Map.Entry<UUID, Integer> quiet : run.lastArrivals.entrySet()) {
            if (arrivals(rig, quiet.getKey()) != quiet.getValue()) {
                run.problems.add("new data of " + quiet.getKey() + " came to a broker after its withdrawal");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%nnew data of %d signups reached their holders; of %d withdrawn afterwards none was sent later%n",
                arrived,
                run.lastArrivals.size());
    }
}
