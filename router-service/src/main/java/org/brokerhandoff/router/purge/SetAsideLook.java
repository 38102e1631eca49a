package org.brokerhandoff.router.purge;

import java.util.Collection;
import java.util.Map;

/** Looks at the copies of records that could not be processed. */
@FunctionalInterface
public interface SetAsideLook {
    /**
     * What stands in these partitions now; blocks. A record counts as finished only after its copy is acknowledged, so a look after
     * the cut of a record sees the copy. Of a partition that is absent in the answer it is not known what stands in it.
     *
     * @throws RuntimeException if they cannot be read
     */
    Map<Integer, SetAsideCopies> look(Collection<Integer> partitions);
}
