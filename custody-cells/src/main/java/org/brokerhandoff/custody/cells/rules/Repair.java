package org.brokerhandoff.custody.cells.rules;

/**
 * The order in which a cell that has lost its memory gets its share of a key again, from those of the two others.
 *
 * <pre>
 *   Begun ──lock──▶ Locked ──live──▶ Reading ──two shares──▶ Ready ──put──▶ Put ──look again──▶ live ───▶ Ended(REPAIRED)
 *                     │                 │                                        └──▶ not live, unknown
 *                     │ not live        │ fewer                                              │
 *                     ▼                 ▼                                                    ▼
 *               Ended(NOT_LIVE)   Ended(LOST | LATER)                     Withdrawing ──▶ Ended(WITHDRAWN)
 * </pre>
 *
 * <p>The row is locked ({@code FOR SHARE}) from the first look to the end, so that no erasure is decided meanwhile. The lock may be lost with its
 * connection while the repairer is stalled; the second look, over another connection, finds that, and what was put is destroyed again.
 */
public sealed interface Repair {
    /** What is next. */
    enum Step {
        /** The row is to be locked and read. */
        LOCK,
        /** The shares of the two other cells are to be read. */
        READ,
        /** The share is to be put on the cell, if it has nothing. */
        PUT,
        /** The row is to be read again, over a connection of its own. */
        LOOK_AGAIN,
        /** The cell's share is to be destroyed. */
        DESTROY,
        /** The lock is to be given back. */
        RELEASE
    }

    /** What came of a repair. */
    enum Outcome {
        /** The cell has its share, or had it. */
        REPAIRED,
        /** The key is erased, or about to be. */
        NOT_LIVE,
        /** Neither of the others can be put together with another: the key is lost. */
        LOST,
        /** One of the others does not answer: to be tried again. */
        LATER,
        /** The key was erased meanwhile, or it is not known: the share was destroyed again. */
        WITHDRAWN
    }

    /** What is next. */
    Step next();

    /** Nothing was done. */
    record Begun() implements Repair {
        @Override
        public Step next() {
            return Step.LOCK;
        }

        /** After the row was locked and read. */
        public Repair locked(boolean live) {
            return live ? new Reading() : new Ended(Outcome.NOT_LIVE);
        }
    }

    /** The row is locked and was live. */
    record Reading() implements Repair {
        @Override
        public Step next() {
            return Step.READ;
        }

        /** After the two other cells were read; a mismatch counts as nothing. */
        public Repair read(CellContent one, CellContent other) {
            if (one == CellContent.SHARE && other == CellContent.SHARE) {
                return new Ready();
            }
            return new Ended(one == CellContent.UNKNOWN || other == CellContent.UNKNOWN ? Outcome.LATER : Outcome.LOST);
        }
    }

    /** The share is at hand. */
    record Ready() implements Repair {
        @Override
        public Step next() {
            return Step.PUT;
        }

        /** After it was put or refused, or that is not known: in each case the row decides what may stay there. */
        public Repair put() {
            return new Put();
        }
    }

    /** The cell may have it. */
    record Put() implements Repair {
        @Override
        public Step next() {
            return Step.LOOK_AGAIN;
        }

        /** After the row was read again; not live also where it could not be read. */
        public Repair looked(boolean live) {
            return live ? new Ended(Outcome.REPAIRED) : new Withdrawing();
        }
    }

    /** What was put has to go. */
    record Withdrawing() implements Repair {
        @Override
        public Step next() {
            return Step.DESTROY;
        }

        /** After it was destroyed, or the cell has not answered: the scan finds it then. */
        public Repair destroyed() {
            return new Ended(Outcome.WITHDRAWN);
        }
    }

    /** Over. */
    record Ended(Outcome outcome) implements Repair {
        @Override
        public Step next() {
            return Step.RELEASE;
        }
    }
}
