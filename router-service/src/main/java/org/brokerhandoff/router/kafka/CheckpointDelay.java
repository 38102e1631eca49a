package org.brokerhandoff.router.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;

/**
 * Whether a freshly started broker writes its start offsets down as soon as the checkpoint interval lets one expect. Until its first
 * checkpoint a broker that dies serves again what was cut, however short the interval is.
 */
public sealed interface CheckpointDelay {
    /** How often a broker writes down where its logs start. */
    String INTERVAL = "log.flush.start.offset.checkpoint.interval.ms";

    /** When a freshly started broker does so for the first time. */
    String FIRST = "log.initial.task.delay.ms";

    /** No broker's first checkpoint comes later than the interval. */
    record Covered() implements CheckpointDelay {}

    /** The first checkpoint of these brokers comes later than their interval. */
    record TooLong(Set<String> brokers) implements CheckpointDelay {}

    /** These brokers do not say when their first checkpoint comes: it is an internal setting, which one need not list. */
    record Unknown(Set<String> brokers) implements CheckpointDelay {}

    /** What the settings of the brokers, by their ids, come to; what is known to be too long comes before what is not known. */
    static CheckpointDelay of(Map<String, Config> brokers) {
        Set<String> tooLong = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        brokers.forEach((broker, config) -> {
            Optional<Long> interval = millis(config, INTERVAL);
            Optional<Long> first = millis(config, FIRST);
            if (interval.isEmpty() || first.isEmpty()) {
                unknown.add(broker);
            } else if (first.get() > interval.get()) {
                tooLong.add(broker);
            }
        });
        if (!tooLong.isEmpty()) {
            return new TooLong(tooLong);
        }
        return unknown.isEmpty() ? new Covered() : new Unknown(unknown);
    }

    /** A broker whose interval is 0 writes its start offsets down once, and then no more: a century. */
    long NEVER_MILLIS = 36_525L * 24 * 3600 * 1000;

    /** The longest interval that any broker names; {@link #NEVER_MILLIS} if one does not write them down again and again. */
    static Optional<Long> longestInterval(Collection<Config> brokers) {
        return brokers.stream()
                .flatMap(config -> millis(config, INTERVAL).stream())
                .map(interval -> interval < 1 ? NEVER_MILLIS : interval)
                .max(Long::compare);
    }

    private static Optional<Long> millis(Config config, String name) {
        return Optional.ofNullable(config.get(name)).map(ConfigEntry::value).flatMap(CheckpointDelay::number);
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
