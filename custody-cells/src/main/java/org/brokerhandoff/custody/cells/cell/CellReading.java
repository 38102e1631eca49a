package org.brokerhandoff.custody.cells.cell;

import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.share.CellShare;

/** What a cell answered to a question for a share. */
public sealed interface CellReading {
    /** Its kind. */
    CellContent content();

    /** The share, for the caller to destroy. */
    record Share(CellShare share) implements CellReading {
        @Override
        public CellContent content() {
            return CellContent.SHARE;
        }
    }

    /** Zeros: it was destroyed there. */
    record Zeros() implements CellReading {
        @Override
        public CellContent content() {
            return CellContent.ZEROS;
        }
    }

    /** Nothing, or something that is no share. */
    record Nothing() implements CellReading {
        @Override
        public CellContent content() {
            return CellContent.NOTHING;
        }
    }

    /** It did not answer in time, has no connection, or is not fit. */
    record Unanswered() implements CellReading {
        @Override
        public CellContent content() {
            return CellContent.UNKNOWN;
        }
    }
}
