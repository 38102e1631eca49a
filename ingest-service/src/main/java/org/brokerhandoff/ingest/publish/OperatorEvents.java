package org.brokerhandoff.ingest.publish;

import java.time.Instant;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PublishedNotice;
import org.brokerhandoff.event.PublishedProcessor;
import org.brokerhandoff.ingest.operator.Operator;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;

/** The operator as an event. */
public final class OperatorEvents {
    private OperatorEvents() {}

    /** The log's form of {@code operator}, identified by its digest as a directory is. */
    public static OperatorPublished published(Operator operator, Instant at, EventCodec codec) {
        OperatorPublished canonical = OperatorPublished.newBuilder()
                .setDigest(new Digest(new byte[32]))
                .setPublishedAt(Instant.EPOCH)
                .setName(operator.name())
                .setRegisteredOffice(operator.address())
                .setContact(operator.contact())
                .setDataProtectionOfficer(operator.dataProtectionOfficer().orElse(null))
                .setJurisdiction(operator.jurisdiction())
                .setProcessors(operator.processors().stream()
                        .map(each -> new PublishedProcessor(each.name(), each.purpose(), each.country()))
                        .toList())
                .setNotices(operator.website().notices().entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .map(each -> new PublishedNotice(each.getKey(), each.getValue()))
                        .toList())
                .setExtraMembers(operator.website()
                        .extraMembers()
                        .map(names -> names.stream().sorted().toList())
                        .orElse(null))
                .build();
        return OperatorPublished.newBuilder(canonical)
                .setDigest(Digests.sha256(codec.encode(canonical)))
                .setPublishedAt(at)
                .build();
    }
}
