package org.brokerhandoff.audit.verify;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.RandomId;

/**
 * Start times of services, by their examinations of custody's location. An older copy of the slot file can only reappear at one of these
 * times, and slots are then counted up again from the copy's state.
 *
 * @param oneSlotFile whether all of them found, and stated, the same slot file
 * @param startedAtMillis in ascending order
 * @param cells their findings about memory cells
 */
public record CustodyStarts(boolean oneSlotFile, List<Long> startedAtMillis, CellStarts cells) {
    /** Copies the list. */
    public CustodyStarts {
        startedAtMillis = startedAtMillis.stream().sorted().toList();
    }

    static CustodyStarts of(Collection<CustodyExamined> examinations) {
        Set<Optional<RandomId>> files = new HashSet<>();
        examinations.forEach(examined -> files.add(Optional.ofNullable(examined.getSlotFile())));
        return new CustodyStarts(
                files.size() == 1 && files.iterator().next().isPresent(),
                examinations.stream()
                        .map(examined -> examined.getExaminedAt().toEpochMilli())
                        .toList(),
                CellStarts.of(examinations));
    }

    /** Number of starts before this moment; empty if it is within clock skew of one. */
    OptionalInt before(long millis) {
        int count = 0;
        for (long start : startedAtMillis) {
            if (Math.abs(start - millis) <= ProcessClocks.MOST_APART_MILLIS) {
                return OptionalInt.empty();
            }
            count += start < millis ? 1 : 0;
        }
        return OptionalInt.of(count);
    }
}
