package org.brokerhandoff.ledger.witness;

import org.brokerhandoff.ledger.note.Checkpoint;

/** A witness's answer to a submitted checkpoint, with the HTTP status defined by {@code tlog-witness}. */
public sealed interface Decision {
    /** The status of the answer. */
    int status();

    /**
     * The checkpoint extends the last one. It must be stored, then cosigned, then answered, in this order, while no other request of this
     * origin is decided: otherwise a smaller checkpoint that was checked earlier could be stored over a larger one.
     */
    record Cosign(Checkpoint checkpoint) implements Decision {
        @Override
        public int status() {
            return 200;
        }
    }

    /** The log's old size is not that of the last cosigned checkpoint; the body of the answer is {@code size} and a line feed. */
    record Conflict(long size) implements Decision {
        /** Content type of the body. */
        public static final String CONTENT_TYPE = "text/x.tlog.size";

        @Override
        public int status() {
            return 409;
        }
    }

    /**
     * Not cosigned.
     *
     * @param status 400, 403, 404 or 422
     * @param misbehaviour whether a trusted key of the log signed a contradiction to its earlier checkpoint, or an impossible tree: the
     *     request is then evidence against the log, and must be kept
     */
    record Refuse(int status, String reason, boolean misbehaviour) implements Decision {}
}
