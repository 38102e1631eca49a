package org.brokerhandoff.audit.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.brokerhandoff.schemas.SignupIds;

/** Which generations of which slots have had a purge, over all partitions: none may have had two, unless a service was started in between. */
final class SlotUses implements AutoCloseable {
    private static final int USE_BYTES = 12;

    private final CustodyStarts starts;
    private final Sorted uses;

    SlotUses(CustodyStarts starts, Sorted uses) {
        this.starts = starts;
        this.uses = uses;
    }

    /** Adds where a signup's keys were destroyed. */
    void add(SignupFacts signup) {
        for (PurgeFact purge : signup.all(PurgeFact.class)) {
            OptionalInt before = starts.oneSlotFile() ? starts.before(purge.keyErasedAtMillis()) : OptionalInt.empty();
            before.ifPresent(count -> uses.add(ByteBuffer.allocate(USE_BYTES + SignupIds.LENGTH_BYTES)
                    .putInt(purge.slot())
                    .putInt(purge.generation())
                    .putInt(count)
                    .put(SignupIds.bytes(signup.signupId()))
                    .array()));
        }
    }

    /** Finds the signups whose keys used the same slot generation as another's. */
    void forEachTwice(Consumer<Contradiction> found) {
        // Sorted, those of one slot's generation are adjacent.
        uses.forEach(new Consumer<>() {
            private byte[] before = new byte[0];

            @Override
            public void accept(byte[] use) {
                boolean sameUse = before.length > 0 && Arrays.equals(use, 0, USE_BYTES, before, 0, USE_BYTES);
                if (sameUse && !Arrays.equals(use, before)) {
                    ByteBuffer said = ByteBuffer.wrap(use);
                    int slot = said.getInt();
                    int generation = said.getInt();
                    said.getInt();
                    byte[] id = new byte[SignupIds.LENGTH_BYTES];
                    said.get(id);
                    found.accept(new Contradiction(
                            SignupIds.uuid(id),
                            "its key was in slot " + slot + ", generation " + generation
                                    + ", as that of another signup, with no start of a service between"));
                }
                before = use;
            }
        });
    }

    @Override
    public void close() {
        uses.close();
    }
}
