package org.brokerhandoff.audit.log;

import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LogRead;

/** The records of the kept topics, as a verification reads them: {@linkplain KeptLog those in Kafka}, or a copy of them. */
public interface KeptRecords {
    /** Partitions of each kept topic. */
    int partitions();

    /** What other events refer to, in all partitions; see {@link PublicationFilter}. */
    List<SpecificRecord> publications();

    /**
     * Reads one partition of every kept topic that has a signup's events in its partition, the records of each topic in order, and reports
     * their extent.
     */
    void read(int partition, Consumer<KeptRecord> records, Consumer<Extent> extents);

    /** Reads topic {@code places}, one partition after the other. */
    void readPlaces(Consumer<KeptRecord> records, Consumer<Extent> extents);

    /** What was read so far, except publications, by this version of the program. */
    LogRead read(String version);
}
