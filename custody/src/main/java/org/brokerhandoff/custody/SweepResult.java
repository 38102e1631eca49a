package org.brokerhandoff.custody;

/**
 * What one sweep did.
 *
 * @param expired slots past their expiry whose key was destroyed
 * @param finished erasures that someone else began and this sweep completed
 * @param reclaimed slots that were claimed, never filled and are free again
 * @param damaged slots whose checksum was wrong: they cannot say whose they are or when they expire, so their key was
 *     destroyed at once and they are free again, without an {@code ERASED} state to report
 */
public record SweepResult(int expired, int finished, int reclaimed, int damaged) {}
