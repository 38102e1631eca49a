package org.brokerhandoff.sandbox;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest exchanges, for a page: a fixed number of each kind, and those with a wrong signature separately, so that frequent requests do
 * not evict the few that the user looks for. Thread-safe.
 */
final class NewestExchanges {
    /** Number kept of each kind. */
    static final int MOST = 100;

    private final Map<Sort, Deque<Exchange>> bySort = new HashMap<>();

    private record Sort(String kind, boolean wronglySigned) {}

    synchronized void add(Exchange exchange) {
        Sort sort = new Sort(exchange.kind(), exchange.signed() == Exchange.Signed.WRONG);
        Deque<Exchange> same = bySort.computeIfAbsent(sort, unused -> new ArrayDeque<>());
        if (same.size() == MOST) {
            same.removeFirst();
        }
        same.addLast(exchange);
    }

    /** All of them, the newest first. */
    synchronized List<Exchange> list() {
        return bySort.values().stream()
                .flatMap(Deque::stream)
                .sorted(Comparator.comparing(Exchange::at).reversed())
                .toList();
    }

    synchronized void clear() {
        bySort.clear();
    }
}
