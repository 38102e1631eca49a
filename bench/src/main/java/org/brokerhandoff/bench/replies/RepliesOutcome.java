package org.brokerhandoff.bench.replies;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Result of a trial.
 *
 * @param requests number of requests
 * @param answered replies that were accepted
 * @param honest requests that their peer answered correctly
 * @param honestAnswered those of them whose reply was accepted; the others were on a connection spoiled by something else
 * @param noReply requests that were sent and got no reply
 * @param notSent requests that were not sent at all
 * @param foreign replies accepted for another request than their own, or interim ones. Must be zero
 * @param unasked replies that a peer had sent on a new connection before it could have read the request
 * @param late requests that exceeded their limit and {@code slackMillis}. Must be zero
 * @param slowestMillis the longest time of a request, except the first few hundred
 * @param connections connections accepted by the peers
 * @param seconds total duration
 */
public record RepliesOutcome(
        int requests,
        int answered,
        int honest,
        int honestAnswered,
        int noReply,
        int notSent,
        List<String> foreign,
        int unasked,
        int late,
        long slowestMillis,
        long connections,
        double seconds) {
    /** A busy machine stalls for a while. */
    public static final long SLACK_MILLIS = 5_000;

    /** Copies the list. */
    public RepliesOutcome {
        foreign = List.copyOf(foreign);
    }

    /** Whether all requests ended in time and no reply was accepted for another; and whether the client works at all. */
    public boolean held() {
        return foreign.isEmpty()
                && late == 0
                && answered + noReply + notSent == requests
                && honest > 0
                && honestAnswered * 2 > honest;
    }

    /** By name, for programs. */
    public Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>();
        values.put("requests", requests);
        values.put("answered", answered);
        values.put("honest", honest);
        values.put("honestAnswered", honestAnswered);
        values.put("noReply", noReply);
        values.put("notSent", notSent);
        values.put("foreign", foreign.size());
        values.put("unasked", unasked);
        values.put("late", late);
        values.put("slowestMillis", slowestMillis);
        values.put("connections", connections);
        values.put("seconds", Math.round(seconds * 10) / 10.0);
        values.put("held", held());
        return values;
    }

    /** For people. */
    public String text() {
        return String.format(
                Locale.ROOT,
                """
                %d requests in %.1f s over %d connections
                  answered                %d
                  no reply                %d
                  not sent                %d
                  for another request     %d
                  before its request      %d
                  beyond the limit        %d  (slowest %d ms)
                  answered as expected    %d of %d
                """,
                requests,
                seconds,
                connections,
                answered,
                noReply,
                notSent,
                foreign.size(),
                unasked,
                late,
                slowestMillis,
                honestAnswered,
                honest);
    }
}
