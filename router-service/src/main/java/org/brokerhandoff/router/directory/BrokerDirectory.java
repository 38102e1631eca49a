package org.brokerhandoff.router.directory;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;

/**
 * One version of the broker directory.
 *
 * @param brokers the brokers, by id
 * @param digest names this version in every decision: SHA-256 of its {@linkplain #published published form}, with a zero digest
 *     and time, in single-object encoding; whoever has the event can compute it
 */
public record BrokerDirectory(List<Broker> brokers, Digest digest) {
    /** Copies the list. */
    public BrokerDirectory {
        brokers = List.copyOf(brokers);
    }

    /** The version that these brokers make. */
    public static BrokerDirectory of(List<Broker> brokers, EventCodec codec) {
        List<Broker> sorted =
                brokers.stream().sorted(Comparator.comparing(Broker::id)).toList();
        DirectoryPublished canonical = new BrokerDirectory(sorted, new Digest(new byte[32])).published(Instant.EPOCH);
        return new BrokerDirectory(sorted, Digests.sha256(codec.encode(canonical)));
    }

    /** The broker with this id. */
    public Optional<Broker> find(String id) {
        return brokers.stream().filter(broker -> broker.id().equals(id)).findFirst();
    }

    /** What the event log says of this version: everything a decision rests on; no secret, no endpoint. */
    public DirectoryPublished published(Instant at) {
        return DirectoryPublished.newBuilder()
                .setDigest(digest)
                .setPublishedAt(at)
                .setBrokers(brokers.stream().map(BrokerDirectory::published).toList())
                .build();
    }

    private static PublishedBroker published(Broker broker) {
        return PublishedBroker.newBuilder()
                .setId(broker.id())
                .setName(broker.name())
                .setPrivacyPolicy(broker.privacyPolicy().toString())
                .setCountries(broker.countries())
                .setLanguages(broker.languages())
                .setTransferDefault(broker.transferBasis().get(Broker.DEFAULT_BASIS))
                .setTransferCountries(broker.transferBasis().keySet().stream()
                        .filter(country -> !country.equals(Broker.DEFAULT_BASIS))
                        .sorted()
                        .toList())
                .setPriority(broker.priority())
                .setWeight(broker.weight())
                .setMappingDigest(broker.fields().digest().orElse(null))
                .setStatus(BrokerStatus.valueOf(broker.status().name()))
                .build();
    }
}
