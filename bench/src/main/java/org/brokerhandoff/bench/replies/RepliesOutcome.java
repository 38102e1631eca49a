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
 * @param honest requests over HTTP/1.1 that their peer answered correctly
 * @param honestStreams the same over HTTP/2, where a bad frame also ends the exchanges beside it
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
        Control honest,
        Control honestStreams,
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

    /**
     * Whether the client works at all, however fast the machine is.
     *
     * @param requests those that their peer answered correctly and that ended before their limit
     * @param accepted those of them whose reply was accepted; the others were on a connection spoiled by something else
     */
    public record Control(int requests, int accepted) {}

    /** Copies the list. */
    public RepliesOutcome {
        foreign = List.copyOf(foreign);
    }

    /** Whether all requests ended in time and no reply was accepted for another; and whether the client works at all. */
    public boolean held() {
        return foreign.isEmpty()
                && late == 0
                && answered + noReply + notSent == requests
                && honest.accepted() * 2 > honest.requests()
                && honestStreams.accepted() > 0;
    }

    /** By name, for programs. */
    public Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>();
        values.put("requests", requests);
        values.put("answered", answered);
        values.put("honest", honest.requests());
        values.put("honestAnswered", honest.accepted());
        values.put("honestStreams", honestStreams.requests());
        values.put("honestStreamsAnswered", honestStreams.accepted());
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
                  answered as expected    %d of %d, over HTTP/2 %d of %d
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
                honest.accepted(),
                honest.requests(),
                honestStreams.accepted(),
                honestStreams.requests());
    }
}
