package org.brokerhandoff.bench;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A run's own knowledge about its withdrawals. */
final class WithdrawalRun {
    final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    /** The answers to the website. */
    final Map<UUID, String> withdrawn = new ConcurrentHashMap<>();

    final Set<String> problems = ConcurrentHashMap.newKeySet();
    final AtomicInteger withdrawalsOpen = new AtomicInteger();
    final AtomicInteger samples = new AtomicInteger();
    final Map<String, AtomicInteger> states = new ConcurrentHashMap<>();
    final AtomicBoolean silent = new AtomicBoolean(true);
    final AtomicBoolean over = new AtomicBoolean();
}
