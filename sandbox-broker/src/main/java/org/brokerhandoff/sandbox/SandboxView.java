package org.brokerhandoff.sandbox;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The content of a broker's page; no personal data.
 *
 * @param asOf time of the snapshot
 * @param pings number of valid ones since the start
 * @param newest the newest exchanges, the newest first
 * @param noticed accounts of signups for which notices came
 * @param behaviour the texts in force, by target
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
     * Identity of the broker.
     *
     * @param handoffs URL of handoffs
     * @param notices URL of notices
     * @param keys number of keys it verifies signatures with
     */
    record Place(String id, URI handoffs, URI notices, int keys) {}
}
