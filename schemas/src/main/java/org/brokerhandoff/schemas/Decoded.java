package org.brokerhandoff.schemas;

import org.apache.avro.specific.SpecificRecord;

/** The result of {@link EventCodec#decode} for a record's value. */
public sealed interface Decoded {
    /** An event of the catalogue. */
    record Event(SpecificRecord event) implements Decoded {}

    /** The value carries the fingerprint of no released schema. */
    record UnknownSchema(long fingerprint) implements Decoded {}

    /** The value is not in single-object encoding, or does not follow the schema it names. */
    record Undecodable() implements Decoded {}
}
