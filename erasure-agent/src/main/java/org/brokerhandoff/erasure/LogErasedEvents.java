package org.brokerhandoff.erasure;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.Uuid;
import org.brokerhandoff.erasure.files.LogDirectories.Owner;
import org.brokerhandoff.erasure.look.ReportPlanner.Report;
import org.brokerhandoff.event.DirectoryId;
import org.brokerhandoff.event.LogErased;

/** What a report says as an event. Pure. */
final class LogErasedEvents {
    private LogErasedEvents() {}

    static LogErased of(Report report, Owner owner, Instant observedAt) {
        LogErased.Builder event = LogErased.newBuilder()
                .setBroker(owner.broker())
                .setDirectories(owner.directoryIds().stream()
                        .map(LogErasedEvents::fixed)
                        .toList())
                .setTopic(report.partition().topic())
                .setPartition(report.partition().partition())
                .setObservedAt(observedAt);
        report.held().lowestOffset().ifPresent(event::setLowestOffset);
        return event.build();
    }

    private static DirectoryId fixed(Uuid id) {
        return new DirectoryId(ByteBuffer.allocate(DirectoryId.getClassSchema().getFixedSize())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }
}
