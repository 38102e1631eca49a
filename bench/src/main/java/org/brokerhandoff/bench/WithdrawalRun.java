package org.brokerhandoff.bench;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a run with withdrawals knows by itself. */
final class WithdrawalRun {
    final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    /** What the website was answered. */
    final Map<UUID, String> withdrawn = new ConcurrentHashMap<>();

    final Set<String> problems = ConcurrentHashMap.newKeySet();
    final AtomicInteger withdrawalsOpen = new AtomicInteger();
    final AtomicInteger samples = new AtomicInteger();
    final Map<String, AtomicInteger> states = new ConcurrentHashMap<>();
    final AtomicBoolean silent = new AtomicBoolean(true);
    final AtomicBoolean over = new AtomicBoolean();
}
