package org.brokerhandoff.audit.canary;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.Ed25519Signature;
import org.brokerhandoff.event.PublicKey;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.schemas.CanaryBrokers;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Sends invented people through the system, one at a time, waits for the purge of each, searches, and publishes the result. Blocks. */
public final class Canary {
    private static final String SOURCE = "/canary";
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);
    private static final Duration PUBLISHING_LIMIT = Duration.ofSeconds(20);
    private static final String ANY_COUNTRY = "*";

    private final KafkaClients clients;
    private final EventCodec codec;
    private final InstantSource clock;
    private final Settings settings;
    private final PublishedBroker broker;
    private final int partitions;
    private final List<Path> folders;

    /**
     * Settings of a canary.
     *
     * @param ingest address of ingest
     * @param apiKey a key of scopes {@code website} and {@code canary}
     * @param key signing key
     * @param folders folders to search besides the topics
     * @param patience maximum wait for the purge
     */
    public record Settings(URI ingest, String apiKey, SigningKey key, List<Path> folders, Duration patience) {
        /** Copies the list. */
        public Settings {
            folders = List.copyOf(folders);
        }

        /** Does not print the key. */
        @Override
        public String toString() {
            return "Settings[" + ingest + "]";
        }
    }

    /**
     * The published result, and what was searched.
     *
     * @param event the signed result
     * @param places a line for each partition and folder; the event has their digest
     * @param found the first places where something of the person was found; not in the event, since it names files
     */
    public record Outcome(CanaryChecked event, List<String> places, List<String> found) {
        /** Copies the lists. */
        public Outcome {
            places = List.copyOf(places);
            found = List.copyOf(found);
        }
    }

    /**
     * Canaries for the installation whose log {@code clients} read, and to which they may write one type of event.
     *
     * @throws CannotCheck if the newest directory has no canary broker under test, or a folder cannot be read
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public Canary(KafkaClients clients, EventCodec codec, InstantSource clock, Settings settings) {
        this.clients = clients;
        this.codec = codec;
        this.clock = clock;
        this.settings = settings;
        this.folders = FolderSearch.real(settings.folders());
        try (KeptLog log = new KeptLog(clients, codec)) {
            this.partitions = log.partitions();
            this.broker = underTest(log);
        }
    }

    /**
     * Sends a canary and searches for it.
     *
     * @param progress receives the current step
     * @throws CannotCheck if it could not be sent, or the search misses its control
     * @throws EventLogUnavailable if Kafka does not answer
     */
    public Outcome check(Consumer<String> progress) throws InterruptedException {
        progress.accept("planting control texts that the search has to find");
        int planted = PlantedControl.run();
        try (TopicSearch topics = new TopicSearch(clients);
                InventedPerson person = InventedPerson.random(new SecureRandom())) {
            IngestClient ingest = new IngestClient(settings.ingest(), settings.apiKey());
            Instant sentAt = clock.instant();
            UUID signupId = ingest.signUp(person, consent(ingest, sentAt));
            progress.accept("waiting for the purge of signup " + signupId);
            awaitPurge(ingest, signupId, sentAt.plus(settings.patience()));
            Instant checkedAt = clock.instant();
            // Ingest is polled because that is cheap; the log decides.
            Optional<PurgeReason> purge = topics.purge(signupId, codec).map(Purged::getReason);
            List<String> texts = person.exposeAsTexts();
            PersonSearch search = new PersonSearch(List.of(texts, List.of(signupId.toString())));
            progress.accept("searching topics");
            Searched inTopics = topics.search(search);
            progress.accept("searching folders");
            Searched found = inTopics.and(FolderSearch.search(folders, search));
            CanaryChecked unsigned = CanaryChecked.newBuilder()
                    .setSignupId(SignupIds.fixed(signupId))
                    .setSentAt(sentAt)
                    .setCheckedAt(checkedAt)
                    .setVerdict(CanaryStatement.verdict(purge, found.findings(), found.unreadable()))
                    .setTexts(texts.size())
                    .setPlanted(planted)
                    .setRecords(found.records())
                    .setRecordBytes(found.recordBytes())
                    .setFiles(found.files())
                    .setFileBytes(found.fileBytes())
                    .setFindings(found.findings())
                    .setUnreadable(found.unreadable())
                    .setSearched(new Digest(found.digest()))
                    .setKey(new PublicKey(new byte[PublicKey.getClassSchema().getFixedSize()]))
                    .setSignature(new Ed25519Signature(
                            new byte[Ed25519Signature.getClassSchema().getFixedSize()]))
                    .build();
            CanaryChecked signed = CanaryStatement.signed(unsigned, settings.key());
            publish(signed);
            return new Outcome(signed, found.places(), found.found());
        }
    }

    private static PublishedBroker underTest(KeptLog log) {
        return log.publications().stream()
                .filter(DirectoryPublished.class::isInstance)
                .map(DirectoryPublished.class::cast)
                .max(Comparator.comparing(DirectoryPublished::getPublishedAt))
                .flatMap(newest -> newest.getBrokers().stream()
                        .filter(broker -> CanaryBrokers.isOne(broker.getId()))
                        .filter(broker -> broker.getStatus() == BrokerStatus.TEST)
                        .findFirst())
                .orElseThrow(() -> new CannotCheck(
                        "the newest broker directory has no broker with status: test whose id begins with "
                                + CanaryBrokers.PREFIX));
    }

    private IngestClient.Consent consent(IngestClient ingest, Instant givenAt) throws InterruptedException {
        String country = broker.getCountries().stream()
                .filter(each -> !each.equals(ANY_COUNTRY))
                .findFirst()
                .orElse("NO");
        String language = broker.getLanguages().stream().findFirst().orElse("en");
        return new IngestClient.Consent(broker.getId(), country, language, ingest.policyVersion(language), givenAt);
    }

    private void awaitPurge(IngestClient ingest, UUID signupId, Instant until) throws InterruptedException {
        while (!saysPurged(ingest, signupId) && clock.instant().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_QUESTIONS.toMillis());
        }
    }

    private static boolean saysPurged(IngestClient ingest, UUID signupId) throws InterruptedException {
        try {
            return ingest.purged(signupId);
        } catch (CannotCheck e) {
            // It was accepted, so a result is due whether or not ingest answers.
            return false;
        }
    }

    private void publish(CanaryChecked event) throws InterruptedException {
        EventLogSettings own = clients.settings();
        KafkaClients writing = new KafkaClients(new EventLogSettings(
                own.bootstrapServers(),
                own.clientProperties(),
                own.topicPrefix(),
                partitions,
                1,
                Duration.ZERO,
                own.installation()));
        try (EventPublisher publisher = new EventPublisher(writing, codec, SOURCE, clock)) {
            publisher
                    .publish(Topic.PURGES, SignupIds.uuid(event.getSignupId()), event)
                    .toCompletableFuture()
                    .get(PUBLISHING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new EventLogUnavailable("the result could not be written to topic purges", e);
        }
    }
}
