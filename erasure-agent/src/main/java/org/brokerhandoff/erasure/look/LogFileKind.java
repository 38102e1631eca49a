package org.brokerhandoff.erasure.look;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file in a partition's directory can hold, told by its name. The names are those of Kafka 4's {@code LogFileUtils}, {@code
 * LocalLog} and checkpoint files.
 */
sealed interface LogFileKind {
    /**
     * Records, from {@code baseOffset} on; how far is not told by the name. The segment in use, or one on its way out ({@code
     * .deleted}) or in ({@code .cleaned}, {@code .swap}).
     */
    record Records(long baseOffset, boolean inUse) implements LogFileKind {}

    /** No records: indexes hold positions and times, snapshots the state of producers, checkpoints epochs. */
    record NoRecords() implements LogFileKind {}

    /** Nothing that Kafka is known to write. It may hold anything. */
    record Unknown() implements LogFileKind {}

    Pattern RECORDS = Pattern.compile("(\\d{20})\\.log(\\..*)?");
    Pattern NO_RECORDS = Pattern.compile("\\d{20}\\.(index|timeindex|txnindex|snapshot)(\\.(deleted|cleaned|swap))?"
            + "|(leader-epoch-checkpoint|partition\\.metadata)(\\.tmp)?");

    /** The kind of the file of this name. */
    static LogFileKind of(String name) {
        Matcher records = RECORDS.matcher(name);
        if (records.matches()) {
            try {
                return new Records(Long.parseLong(records.group(1)), records.group(2) == null);
            } catch (NumberFormatException tooLarge) {
                return new Unknown();
            }
        }
        return NO_RECORDS.matcher(name).matches() ? new NoRecords() : new Unknown();
    }
}
