package org.brokerhandoff.ingest.disclosure;

import java.util.Optional;
import java.util.function.Function;
import org.brokerhandoff.ingest.authentication.ApiKey;

/**
 * Decides whether two steps were taken by two actors. Keys of one owner are one actor: a rotated key, or a second one of the same person, is
 * no second pair of eyes. A key that has left the key file has no owner: it may have returned under another name. Undetected: one person with
 * keys of two owners.
 *
 * @param named the key of that id, as the key file has it now
 */
record FourEyes(Function<String, Optional<ApiKey>> named) {
    /** How the actor of an earlier step and a caller relate. */
    enum Relation {
        /** Two owners. */
        DIFFERENT,
        /** One owner, or one key. */
        SAME,
        /** The earlier key is gone from the file. */
        UNKNOWN
    }

    Relation between(String earlier, ApiKey caller) {
        // The owner of a key is its id unless the file says otherwise, so a rotated key names the earlier one as its
        // owner.
        if (earlier.equals(caller.id()) || earlier.equals(caller.owner())) {
            return Relation.SAME;
        }
        return named.apply(earlier)
                .map(key -> key.owner().equals(caller.owner()) || key.owner().equals(caller.id())
                        ? Relation.SAME
                        : Relation.DIFFERENT)
                .orElse(Relation.UNKNOWN);
    }
}
