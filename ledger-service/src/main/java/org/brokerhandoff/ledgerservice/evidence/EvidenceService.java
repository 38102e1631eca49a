package org.brokerhandoff.ledgerservice.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledgerservice.folder.LedgerFiles;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Makes evidence on a separate thread, so that reading Kafka blocks neither the builder nor an event loop. */
public final class EvidenceService implements AutoCloseable {
    /** More would not be served before their callers time out. */
    private static final int MOST_WAITING = 64;

    private static final long CLOSE_LIMIT_SECONDS = 15;

    private final Function<UUID, ? extends CompletionStage<Standing>> ledger;
    private final KafkaClients clients;
    private final Path folder;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> new Thread(work, "evidence"));
    /** Confined to the thread. Empty until the first request, when the topics exist. */
    private Optional<EvidenceMaker> maker = Optional.empty();

    /** Makes evidence from the lookups of {@code ledger}, from {@code folder} and the topics that {@code clients} reach. */
    public EvidenceService(
            Function<UUID, ? extends CompletionStage<Standing>> ledger, KafkaClients clients, Path folder) {
        this.ledger = ledger;
        this.clients = clients;
        this.folder = folder;
    }

    /**
     * The evidence of {@code id} as of the newest checkpoint; for an unknown one, the proof that there are no events. The stage fails if
     * there is no checkpoint yet, Kafka does not answer, or the queue is full; with {@link EvidenceContradicted}, if the topics do not match
     * the ledger.
     */
    public CompletionStage<EvidenceBundle> evidence(UUID id) {
        return ledger.apply(id).thenApplyAsync(this::make, thread);
    }

    private EvidenceBundle make(Standing standing) {
        if (maker.isEmpty()) {
            List<Topic> topics = Topic.inLedger().stream()
                    .filter(topic -> standing.topics().stream()
                            .anyMatch(line -> line.topic().equals(topic.baseName())))
                    .toList();
            maker = Optional.of(new EvidenceMaker(
                    new LedgerFiles(folder),
                    LeafReader.ofScattered(
                            clients,
                            "handoff-ledger-evidence",
                            topics,
                            IntStream.range(0, standing.indexes().size())
                                    .boxed()
                                    .toList()),
                    new EventCodec()));
        }
        try {
            return maker.get().make(standing);
        } catch (EvidenceContradicted e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                maker.ifPresent(EvidenceMaker::close);
            } else {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
