package org.brokerhandoff.operations.memory;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Creates strings that become garbage, reports that, and rinses on command. A separate process, so that its memory can be searched. */
final class LeavingProcess {
    /** Reversed, so that the search texts occur only in the strings. */
    private static final String BACKWARDS = "dniheb-tfel-saw-tahw";

    private static volatile byte[] unusedSink = {};

    private LeavingProcess() {}

    public static void main(String... arguments) throws Exception {
        HeapRinse rinse = HeapRinse.start(Duration.ofDays(1), () -> 0).orElseThrow();
        int characters = leave();
        System.out.println("left " + characters);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (orders.readLine() != null) {
            rinse.rinse();
            System.out.println("rinsed");
        }
    }

    /** Some survive two collections, so that each survivor space has contained them. */
    private static int leave() {
        List<String> living = new ArrayList<>();
        long collections = collections();
        while (collections() < collections + 2) {
            unusedSink = new byte[1024];
            if (living.size() < 1000) {
                living.add(text(living.size()));
            }
        }
        int characters = living.stream().mapToInt(String::length).sum();
        living.clear();
        for (int i = 0; i < 1000; i++) {
            characters += text(i).length();
        }
        return characters;
    }

    private static String text(int number) {
        return new StringBuilder(BACKWARDS).reverse().append(number).toString();
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
