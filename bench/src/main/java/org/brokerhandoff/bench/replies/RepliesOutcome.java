package org.brokerhandoff.bench.replies;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a trial's requests.
 *
 * @param requests how many there were
 * @param answered replies that counted
 * @param honest requests that their peer answered as it should
 * @param honestAnswered those of them whose reply counted; the others were on a connection that something else spoiled
 * @param noReply requests that were sent and have no reply
 * @param notSent requests of which nothing was sent
 * @param foreign replies that counted for another request than the one that they were made for, or that were interim. None is right
 * @param unasked replies that a peer had sent on a new connection before it could have read the request
 * @param late requests that took longer than their limit and {@code slackMillis}. None is right
 * @param slowestMillis the longest time that a request took, the first few hundred left out
 * @param connections connections that the peers took
 * @param seconds how long all of it took
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
    /** A machine that does other work stops for a while. */
    public static final long SLACK_MILLIS = 5_000;

    /** Copies the list. */
    public RepliesOutcome {
        foreign = List.copyOf(foreign);
    }

    /** Whether all requests ended in time and no reply counted for another; and whether the client works at all. */
    public boolean held() {
        return foreign.isEmpty()
                && late == 0
                && answered + noReply + notSent == requests
                && honest > 0
                && honestAnswered * 2 > honest;
    }

    /** By name, for machines. */
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
