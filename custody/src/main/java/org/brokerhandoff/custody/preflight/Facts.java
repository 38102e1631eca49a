package org.brokerhandoff.custody.preflight;

import java.util.List;
import java.util.Optional;

/**
 * Observations of the host and this process, before any judgement. Empty means unknown.
 *
 * @param linux whether this is Linux; the rest is only determined there
 * @param slotFile where the slot file is
 * @param keysetFile where the keyset is
 * @param user number of this process's user
 * @param swapAreas the swap areas in use
 * @param swapForbidden whether this process's control group allows it no swap
 * @param coreLimit soft limit of a core file, in bytes; {@link Long#MAX_VALUE}: unlimited
 * @param corePattern what the kernel does with a core: a file name, or a program behind {@code |}
 * @param hibernation whether the kernel knows a device to which it would write all memory
 * @param heapDumps whether this JVM writes its heap to a file when memory is short
 */
public record Facts(
        boolean linux,
        Place slotFile,
        Optional<Place> keysetFile,
        Optional<Integer> user,
        Optional<List<SwapArea>> swapAreas,
        boolean swapForbidden,
        Optional<Long> coreLimit,
        Optional<String> corePattern,
        boolean hibernation,
        Optional<Boolean> heapDumps) {}
