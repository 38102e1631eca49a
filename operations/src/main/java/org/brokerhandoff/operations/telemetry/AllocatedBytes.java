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
 * Bytes that threads have allocated on the heap, counted on demand; allocations of a thread between the last query and its end are missing.
 * The collector's own figure would include what the {@link org.brokerhandoff.operations.memory.HeapRinse heap rinse} allocates to overwrite
 * the young generation, which is not work. Thread-safe.
 */
final class AllocatedBytes {
    private static final Set<String> NOT_WORK = Set.of("heap-rinse");

    private final ThreadMXBean threads;
    private final Map<Long, Long> seen = new HashMap<>();
    private long total;

    private AllocatedBytes(ThreadMXBean threads) {
        this.threads = threads;
    }

    /** Registers {@code handoff.allocated}; does nothing on a JVM without the figure. */
    static void bindTo(MeterRegistry registry) {
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                && threads.isThreadAllocatedMemorySupported()) {
            AllocatedBytes allocated = new AllocatedBytes(threads);
            // A registry references its subject weakly; the function, which is kept, holds it strongly.
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
            // Both indicate that the thread has ended meanwhile.
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
