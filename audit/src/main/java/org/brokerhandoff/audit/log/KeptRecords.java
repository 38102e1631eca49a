package org.brokerhandoff.audit.log;

import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LogRead;

/** The records of the kept topics, as a verification asks for them: {@linkplain KeptLog those that Kafka holds}, or a copy of them. */
public interface KeptRecords {
    /** Partitions of each kept topic. */
    int partitions();

    /** What other events refer to, of all partitions; see {@link PublicationFilter}. */
    List<SpecificRecord> publications();

    /**
     * Reads one partition of every kept topic that has a signup's events in its partition, the records of each topic in order, and
     * reports how much was there.
     */
    void read(int partition, Consumer<KeptRecord> records, Consumer<Extent> extents);

    /** Reads topic {@code places}, one partition after the other. */
    void readPlaces(Consumer<KeptRecord> records, Consumer<Extent> extents);

    /** What was read so far, apart from publications, by this version of the program. */
    LogRead read(String version);
}
