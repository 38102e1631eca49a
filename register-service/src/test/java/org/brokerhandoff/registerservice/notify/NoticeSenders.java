package org.brokerhandoff.registerservice.notify;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.registerservice.Facts;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.schemas.EventCodec;

/** Senders with a log and a client in memory, and answers of brokers. */
final class NoticeSenders {
    static final EventCodec CODEC = new EventCodec();
    static final NoticeSchedule SCHEDULE = new NoticeSchedule(
            Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofDays(30), Duration.ofDays(1), Duration.ofMinutes(6));
    static final NoticeReply COMPLETED =
            new NoticeReply.Answered(200, Optional.of(new NoticeReply.Completed()), Optional.empty());
    static final NoticeReply PENDING =
            new NoticeReply.Answered(202, Optional.of(new NoticeReply.Pending()), Optional.empty());
    static final NoticeReply UNKNOWN = new NoticeReply.Answered(404, Optional.empty(), Optional.empty());
    static final NoticeReply FAILED = new NoticeReply.Answered(500, Optional.empty(), Optional.empty());

    static Broker broker(String id) {
        return Facts.broker(id, Optional.of(URI.create("https://" + id + ".example/notices")));
    }

    static NoticeSender sender(NoticesInMemory log, WaitingClient client) {
        return sender(log, client, new SimpleMeterRegistry());
    }

    static NoticeSender sender(NoticesInMemory log, WaitingClient client, MeterRegistry meters) {
        BrokerDirectory directory = BrokerDirectory.of(List.of(broker("fjord"), broker("nordlys")), CODEC);
        return sender(log, client, directory, SCHEDULE, meters);
    }

    static NoticeSender sender(
            NoticesInMemory log,
            WaitingClient client,
            BrokerDirectory directory,
            NoticeSchedule schedule,
            MeterRegistry meters) {
        InstantSource clock = InstantSource.system();
        return new NoticeSender(
                log,
                new NoticeSteps(log, client, () -> directory, schedule, Duration.ofSeconds(1), clock, meters),
                Duration.ofMillis(10),
                Duration.ofHours(1),
                clock,
                meters);
    }

    static List<Notice.Key> keys(String broker, int count) {
        List<Notice.Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new Notice.Key(UUID.randomUUID(), broker, NoticeType.WITHDRAWAL, Optional.empty()));
        }
        return keys;
    }

    private NoticeSenders() {}
}
