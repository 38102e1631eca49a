package org.brokerhandoff.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Requirements on the behaviour under overload. Pure. */
public final class OverloadVerdict {
    /** Factor up to which a latency counts as unchanged. */
    private static final int TOLERANCE = 3;
    /** Share of the calm acceptance rate that must persist under overload: refusals must not consume it. */
    private static final double LEAST_SHARE = 0.9;

    private OverloadVerdict() {}

    /**
     * Violated requirements; empty if there are none.
     *
     * @param before a calm phase
     * @param overload an unsustainable load
     * @param afterwards a phase as calm as the first
     * @param limitMillis limit of the 99th percentile of accepted signups and of refusals, if three times the latency from before is less
     */
    public static List<String> broken(
            PhaseAnswers before, PhaseAnswers overload, PhaseAnswers afterwards, long limitMillis) {
        List<String> broken = new ArrayList<>();
        double limit = limit(before, limitMillis);
        for (PhaseAnswers phase : List.of(before, overload, afterwards)) {
            if (phase.others() > 0 || phase.unanswered() > 0) {
                broken.add(phase.others() + " answers were neither 202 nor 503 with Retry-After, and "
                        + phase.unanswered() + " requests were not answered, at " + phase.perSecond() + "/s");
            }
        }
        if (before.refused().count() > 0) {
            broken.add(before.refused().count() + " were refused before the overload");
        }
        if (overload.refused().count() == 0) {
            broken.add("nothing was refused in the overload: it was no overload, or everything queues");
        }
        if (overload.accepted().count()
                < LEAST_SHARE * before.accepted().count() / before.seconds() * overload.seconds()) {
            broken.add("fewer signups were accepted in the overload than before it: "
                    + overload.accepted().count());
        }
        within(broken, "accepted signups in the overload", overload.accepted(), limit);
        within(broken, "refusals in the overload", overload.refused(), limit);
        within(broken, "accepted signups afterwards", afterwards.accepted(), limit);
        if (afterwards.refused().count() > 0) {
            broken.add(afterwards.refused().count() + " were refused afterwards");
        }
        return broken;
    }

    /** Limit of the 99th percentile: as given, or three times the calm latency, on a machine that is slow by itself. */
    public static double limit(PhaseAnswers calm, long limitMillis) {
        return Math.max((double) limitMillis, TOLERANCE * calm.accepted().at(99));
    }

    private static void within(List<String> broken, String what, LatencyCurve latencies, double limit) {
        if (latencies.count() > 0 && latencies.at(99) > limit) {
            broken.add(String.format(
                    Locale.ROOT, "99 in 100 %s took up to %.0f ms, more than %.0f", what, latencies.at(99), limit));
        }
    }
}
