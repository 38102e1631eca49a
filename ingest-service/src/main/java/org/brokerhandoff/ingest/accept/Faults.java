package org.brokerhandoff.ingest.accept;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that the website hears of everything at once. */
final class Faults {
    /** A body of unknown members must not make an answer much larger than itself. */
    private static final int MOST = 100;

    private List<Fault> faults = List.of();

    void add(String pointer, String code, String detail) {
        if (faults.isEmpty()) {
            faults = new ArrayList<>();
        }
        if (faults.size() < MOST) {
            faults.add(new Fault(pointer, code, detail));
        }
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    List<Fault> list() {
        return List.copyOf(faults);
    }
}
