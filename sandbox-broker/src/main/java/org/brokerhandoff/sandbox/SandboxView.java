package org.brokerhandoff.sandbox;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the page of a broker shows; nothing of a person.
 *
 * @param asOf when it was taken
 * @param pings valid ones since the start
 * @param newest the newest exchanges, the newest first
 * @param noticed accounts of signups for which notices came
 * @param behaviour the texts in force, by what they are for
 */
record SandboxView(
        Instant asOf,
        Place place,
        Books.Totals totals,
        long pings,
        List<Exchange> newest,
        List<Books.Account> noticed,
        Map<String, String> behaviour) {

    /**
     * Which broker it is.
     *
     * @param handoffs where handoffs go
     * @param notices where notices go
     * @param keys how many keys it verifies signatures by
     */
    record Place(String id, URI handoffs, URI notices, int keys) {}
}
