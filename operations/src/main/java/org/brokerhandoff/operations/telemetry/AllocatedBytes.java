package org.brokerhandoff.operations.telemetry;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Bytes that threads have allocated on the heap, counted when it is asked for; what a thread allocated between the last question and its end
 * is missing. The collector's own figure would count what the {@link org.brokerhandoff.operations.memory.HeapRinse heap rinse} allocates to
 * overwrite the young generation, which says nothing of the work. Safe for use by several threads at once.
 */
final class AllocatedBytes {
    private static final Set<String> NOT_WORK = Set.of("heap-rinse");

    private final ThreadMXBean threads;
    private final Map<Long, Long> seen = new HashMap<>();
    private long total;

    private AllocatedBytes(ThreadMXBean threads) {
        this.threads = threads;
    }

    /** Counts as {@code handoff.allocated}; does nothing on a JVM that does not know. */
    static void bindTo(MeterRegistry registry) {
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                && threads.isThreadAllocatedMemorySupported()) {
            AllocatedBytes allocated = new AllocatedBytes(threads);
            // A registry refers to what it counts weakly; the function, which is kept, has it strongly.
            FunctionCounter.builder("handoff.allocated", registry, kept -> allocated.total())
                    .description("What threads have allocated on the heap, without the heap rinse")
                    .baseUnit("bytes")
                    .register(registry);
            allocated.total();
        }
    }

    private synchronized long total() {
        long[] ids = threads.getAllThreadIds();
        ThreadInfo[] information = threads.getThreadInfo(ids);
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> now = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            // Both are how the JVM says that the thread has ended meanwhile.
            if (information[i] != null && bytes[i] >= 0 && !NOT_WORK.contains(information[i].getThreadName())) {
                total += bytes[i] - seen.getOrDefault(ids[i], 0L);
                now.put(ids[i], bytes[i]);
            }
        }
        seen.clear();
        seen.putAll(now);
        return total;
    }
}
