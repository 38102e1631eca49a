package org.brokerhandoff.bench.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * A latency distribution.
 *
 * @param count number of measurements
 * @param millis milliseconds by percentile, such as {@code 99.9}, in ascending order; the last is 100, the maximum
 */
public record LatencyCurve(long count, Map<Double, Double> millis) {
    private static final double[] PERCENTILES = {1, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100};
    private static final double MICROS_PER_MILLI = 1000;

    /** From times in microseconds; negative ones, possible with two clocks, count as zero. */
    public static LatencyCurve of(LongStream micros) {
        Histogram histogram = new Histogram(3);
        micros.forEach(time -> histogram.recordValue(Math.max(0, time)));
        Map<Double, Double> millis = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            millis.put(percentile, histogram.getValueAtPercentile(percentile) / MICROS_PER_MILLI);
        }
        return new LatencyCurve(histogram.getTotalCount(), millis);
    }

    /** The value at one of the curve's percentiles. */
    public double at(double percentile) {
        Double value = millis.get(percentile);
        if (value == null) {
            throw new IllegalArgumentException("no such percentile: " + percentile);
        }
        return value;
    }

    /** For JSON: the common percentiles, and all points. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", count);
        values.put("p50", at(50));
        values.put("p90", at(90));
        values.put("p99", at(99));
        values.put("p999", at(99.9));
        values.put("max", at(100));
        List<List<Double>> points = new ArrayList<>();
        millis.forEach((percentile, value) -> points.add(List.of(percentile, value)));
        values.put("curve", points);
        return values;
    }
}
