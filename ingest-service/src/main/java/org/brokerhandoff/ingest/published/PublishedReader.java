package org.brokerhandoff.ingest.published;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.eventlog.EventFollower;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.ReceivedEvent;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.policy.PolicySource;
import org.brokerhandoff.ingest.published.PublishedFile.Kept;
import org.brokerhandoff.ingest.recipient.RecipientSource;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the partitions in which policies and directories are published. Saves a checkpoint to a file from time to time, from which a start
 * continues. Thread-safe: a caller waits while another reads, and finds most of it read.
 */
public final class PublishedReader implements PolicySource, RecipientSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedReader.class);
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS);
    /** Read again after a kill; takes some tens of milliseconds. */
    private static final long MOST_RECORDS_UNKEPT = 20_000;

    private static final Duration LONGEST_UNKEPT = Duration.ofSeconds(30);

    private final PublishedFile file;
    private final InstantSource clock;
    private final EventFollower follower; // guarded by this, and all below
    private Published published;
    private Published kept;
    private long keptAtRecords;
    private long keptAtNanos = System.nanoTime();

    private PublishedReader(PublishedFile file, InstantSource clock, EventFollower follower, Published published) {
        this.file = file;
        this.clock = clock;
        this.follower = follower;
        this.published = published;
        this.kept = published;
    }

    /** A reader that continues from the checkpoint in {@code file}; Kafka may be unavailable. */
    public static PublishedReader open(KafkaClients clients, EventCodec codec, Path file, InstantSource clock) {
        PublishedFile keeping = new PublishedFile(file);
        Optional<Kept> kept = keeping.read();
        return new PublishedReader(
                keeping,
                clock,
                new EventFollower(
                        clients,
                        codec,
                        "handoff-ingest-published",
                        TOPICS,
                        List.of(PolicyPublished.class, DirectoryPublished.class),
                        kept.map(Kept::mark)),
                kept.map(Kept::published).orElse(Published.NOTHING));
    }

    @Override
    public synchronized List<Policy> published(Duration limit) {
        read(limit);
        return published.policies();
    }

    @Override
    public synchronized Set<String> recipients(Duration limit) {
        read(limit);
        return published.recipients();
    }

    /** Number of records read since it was opened. */
    synchronized long recordsRead() {
        return follower.recordsRead();
    }

    private void read(Duration limit) {
        boolean all = follower.read(limit, this::take);
        keep();
        if (!all) {
            throw new EventLogUnavailable("what was published is still being read", new TimeoutException());
        }
    }

    private void take(ReceivedEvent received) {
        UnknownSchema.known(received).ifPresent(event -> published = published.with(event.event()));
    }

    private void keep() {
        boolean due = !published.equals(kept)
                || follower.recordsRead() - keptAtRecords >= MOST_RECORDS_UNKEPT
                || System.nanoTime() - keptAtNanos >= LONGEST_UNKEPT.toNanos();
        if (due) {
            try {
                file.write(new Kept(follower.mark(clock.instant()), published));
                kept = published;
                keptAtRecords = follower.recordsRead();
                keptAtNanos = System.nanoTime();
            } catch (IOException e) {
                LOG.warn(
                        "the published documents could not be cached: {}",
                        e.getClass().getSimpleName());
            }
        }
    }

    @Override
    public synchronized void close() {
        follower.close();
    }
}
