package org.brokerhandoff.registerservice.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterUnavailable;
import org.brokerhandoff.register.SignupOwner;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedGroup;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.register.feed.FeedReader;
import org.brokerhandoff.register.feed.FeedRules;
import org.brokerhandoff.register.feed.FeedType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assigned partition numbers, each with its receiver's queue: fills them from the log, and from deadlines that have come near. Confined
 * to one thread.
 */
final class FeedLanes implements FeedGroup.Member {
    private static final Logger LOG = LoggerFactory.getLogger(FeedLanes.class);
    /** Maximum clock skew between hosts: a new request is not reported so early that it could be missed. */
    private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

    private final String feedId;
    private final FeedOwners owners;
    private final InstantSource clock;
    private final Map<Integer, FeedLane> lanes = new TreeMap<>();
    /** Read, with the owner still unknown. */
    private final List<FeedReader.Placed> unknown = new ArrayList<>();

    FeedLanes(String feedId, FeedOwners owners, InstantSource clock) {
        this.feedId = feedId;
        this.owners = owners;
        this.clock = clock;
    }

    @Override
    public void given(Map<Integer, FeedPosition> positions) {
        taken();
        positions.forEach((number, position) -> lanes.put(number, new FeedLane(position)));
        LOG.info("feed {}: {} partitions are sent by this process", feedId, positions.size());
    }

    @Override
    public Collection<FeedPosition> taken() {
        List<FeedPosition> told = positions();
        lanes.clear();
        unknown.clear();
        return told;
    }

    Collection<FeedLane> all() {
        return lanes.values();
    }

    /** Position of each. */
    List<FeedPosition> positions() {
        return lanes.values().stream().map(FeedLane::position).toList();
    }

    /** Since when the oldest entry has been pending. */
    Optional<Instant> waitsSince() {
        return lanes.values().stream()
                .flatMap(lane -> lane.waitsSince().stream())
                .min(Instant::compareTo);
    }

    /** Takes what the group has read. While the register cannot determine the owners, nothing is sent and nothing skipped. */
    void take(FeedGroup group, Feed feed) {
        if (unknown.isEmpty()) {
            lanes.forEach((number, lane) -> read(group, number, lane.room()));
        }
        if (!unknown.isEmpty()) {
            whose(unknown.stream().map(FeedReader.Placed::entry).toList()).ifPresent(whose -> {
                for (FeedReader.Placed placed : unknown) {
                    FeedLane lane = lanes.get(placed.at().partition());
                    if (lane != null) {
                        lane.add(placed, told(feed, placed.entry(), whose));
                    }
                }
                unknown.clear();
            });
        }
        if (unknown.isEmpty()) {
            Map<LogPartition, Long> positions = group.positions();
            lanes.values().forEach(lane -> lane.read(positions));
        }
    }

    private void read(FeedGroup group, int number, int most) {
        for (int left = most; left > 0; left--) {
            Optional<FeedReader.Placed> next = group.next(number);
            if (next.isEmpty()) {
                return;
            }
            unknown.add(next.get());
        }
    }

    private Optional<Map<UUID, SignupOwner>> whose(List<FeedEntry> entries) {
        try {
            return Optional.of(owners.of(
                    entries.stream().flatMap(entry -> entry.signupId().stream()).toList()));
        } catch (RegisterBehind | RegisterUnavailable e) {
            LOG.debug("feed {} waits for the register", feedId);
            return Optional.empty();
        }
    }

    /** What the receiver gets of an entry: nothing of signups whose owner was not recorded. */
    private static Optional<FeedEntry> told(Feed feed, FeedEntry entry, Map<UUID, SignupOwner> whose) {
        return FeedRules.told(
                        entry,
                        whose,
                        (signup, owner) -> owner.filter(feed.owner()::equals).isPresent())
                .filter(told -> feed.types().contains(told.type()));
    }

    /** Adds the deadlines that have come near since the last call. */
    void takeDeadlines(Feed feed) {
        Instant until = clock.instant().minus(CLOCK_MARGIN);
        if (!feed.types().contains(FeedType.REQUEST_DEADLINE_NEAR)) {
            lanes.values().forEach(lane -> lane.deadlines(List.of(), entry -> Optional.empty(), until));
            return;
        }
        try {
            List<OpenRightsRequest> open = owners.openRequests();
            lanes.forEach((number, lane) -> {
                List<OpenRightsRequest> due = FeedRules.deadlines(
                        open.stream()
                                .filter(each -> EventPartitions.of(each.signupId(), owners.partitions()) == number)
                                .toList(),
                        lane.deadlinesAsked(),
                        until);
                whose(due.stream().map(FeedRules::deadlineNear).toList())
                        .ifPresent(whose -> lane.deadlines(due, entry -> told(feed, entry, whose), until));
            });
        } catch (RegisterBehind | RegisterUnavailable e) {
            LOG.debug("feed {} reads deadlines later", feedId);
        }
    }
}
