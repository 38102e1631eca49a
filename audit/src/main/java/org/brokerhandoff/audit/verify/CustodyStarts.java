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
 * When services started, by their examinations of custody's place. An older copy of the slot file can only come back at one of these
 * moments, and then slots are counted up again from where the copy stood.
 *
 * @param oneSlotFile whether all of them found one slot file, and said which
 * @param startedAtMillis in order
 * @param cells what they found of memory cells
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

    /** How many starts were before this moment; empty if it is nearer to one than clocks can be trusted. */
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
