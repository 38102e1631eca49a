package org.brokerhandoff.ingest.accept;

import java.util.ArrayList;
import java.util.List;

/** Collects all faults of a request, so that the website gets them in one answer. */
final class Faults {
    /** A body of unknown members must not produce an answer much larger than itself. */
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
