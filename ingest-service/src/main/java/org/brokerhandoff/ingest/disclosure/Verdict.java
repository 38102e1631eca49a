package org.brokerhandoff.ingest.disclosure;

import org.apache.avro.specific.SpecificRecord;

/** Whether a step of a request for disclosure may be taken. */
sealed interface Verdict {
    /** It may, by this event. */
    record Allowed(SpecificRecord event) implements Verdict {}

    /** The identical step was taken already. */
    record Taken() implements Verdict {}

    /** It may not. */
    record Refused(Refusal refusal) implements Verdict {}
}
