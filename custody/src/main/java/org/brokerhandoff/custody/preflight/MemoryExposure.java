package org.brokerhandoff.custody.preflight;

/**
 * How memory of a process may reach a disk.
 *
 * @param swap by swap or hibernation, in clear, or that could not be told
 * @param coreDumps by core dumps, or that could not be told
 */
public record MemoryExposure(boolean swap, boolean coreDumps) {
    static MemoryExposure of(Examination examination) {
        return new MemoryExposure(
                examination.swap() || examination.concerns().contains(FindingName.HIBERNATION_POSSIBLE),
                examination.coreDumps());
    }
}
