package org.brokerhandoff.bench;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.brokerhandoff.bench.load.LatencyCurve;
import org.brokerhandoff.bench.load.LoadCell;
import org.brokerhandoff.bench.load.Measured;
import org.brokerhandoff.bench.load.SignupTimes;
import org.brokerhandoff.event.Purged;

/**
 * One load of one side, as far as its results are known at its end.
 *
 * @param cell the load
 * @param ours whether it is not a reference
 * @param measured without latencies
 * @param website times of the accepted signups at the website
 * @param broker times of signups at the broker
 */
record LoadRun(
        LoadCell cell, boolean ours, Measured measured, Map<UUID, SignupTimes> website, Map<UUID, SignupTimes> broker) {

    /** Signups accepted per second, from the first request to the last 202. */
    double acceptedPerSecond() {
        long begin = website.values().stream()
                .mapToLong(SignupTimes::beginMicros)
                .min()
                .orElse(0);
        long end = website.values().stream()
                .mapToLong(SignupTimes::endMicros)
                .max()
                .orElse(0);
        return end == begin ? 0 : website.size() * 1e6 / (end - begin);
    }

    /** The measurements with latencies, the last two of which are from the log. */
    Measured withLatencies(Map<UUID, Purged> purges) {
        Map<String, LatencyCurve> latencies = new LinkedHashMap<>();
        latencies.put(
                "requestTo202",
                LatencyCurve.of(website.values().stream().mapToLong(times -> times.endMicros() - times.beginMicros())));
        LongStream.Builder toBroker = LongStream.builder();
        LongStream.Builder toKeyDestroyed = LongStream.builder();
        LongStream.Builder toUnreachable = LongStream.builder();
        broker.forEach((signup, atBroker) -> {
            SignupTimes atWebsite = website.get(signup);
            if (atWebsite != null) {
                toBroker.add(atBroker.beginMicros() - atWebsite.endMicros());
            }
            Purged purge = purges.get(signup);
            if (purge != null) {
                toKeyDestroyed.add(micros(purge.getKeyErasedAt()) - atBroker.endMicros());
                toUnreachable.add(micros(purge.getPurgedAt()) - atBroker.endMicros());
            }
        });
        latencies.put("202ToBroker", LatencyCurve.of(toBroker.build()));
        if (ours) {
            latencies.put("acceptedToKeyDestroyed", LatencyCurve.of(toKeyDestroyed.build()));
            latencies.put("acceptedToUnreachable", LatencyCurve.of(toUnreachable.build()));
        }
        return new Measured(
                measured.accepted(),
                measured.others(),
                measured.lost(),
                measured.finished(),
                measured.seconds(),
                measured.cpu(),
                measured.allocatedBytes(),
                measured.instructions(),
                latencies,
                measured.generatorLagMillis());
    }

    private static long micros(Instant at) {
        return TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + at.getNano() / 1000;
    }
}
