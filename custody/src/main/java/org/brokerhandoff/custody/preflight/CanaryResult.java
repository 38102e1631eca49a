package org.brokerhandoff.custody.preflight;

import org.brokerhandoff.custody.ReadBack;

/** What became of a key that was put into the slot file and erased. */
public sealed interface CanaryResult {
    /**
     * Nothing of it is left in the file.
     *
     * @param readBack whether the file was read past the page cache
     * @param searchedBytes length of the file
     */
    record Clean(ReadBack readBack, long searchedBytes) implements CanaryResult {}

    /** It is still there: overwriting does not work here. {@code where} says at which offset of the file. */
    record Found(String where) implements CanaryResult {}

    /** It could not be tested; {@code why} gives the reason. */
    record NotDone(String why) implements CanaryResult {}
}
