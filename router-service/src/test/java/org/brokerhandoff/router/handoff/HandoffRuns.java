package org.brokerhandoff.router.handoff;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Whole handoffs over a real slot file, with a network that answers what the test wrote down. */
abstract class HandoffRuns {
    static final BrokerDirectory DIRECTORY =
            Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
    static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    static final BrokerReply LOST = new BrokerReply.NoReply(OptionalInt.empty());

    @TempDir
    Path directory;

    final Network network = new Network();
    SlotFile custody;
    HandoffParts parts;
    UUID id;
    PendingSignup signup;

    /** Answers from a list, then accepts. */
    static class Network implements BrokerClient {
        final List<BrokerReply> replies = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        final Set<String> bodies = new HashSet<>();
        volatile Runnable beforeReply = () -> {};

        @Override
        public synchronized CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            asked.add(broker.id());
            bodies.add(body.expose(bytes -> new String(bytes, StandardCharsets.UTF_8)));
            body.wipe();
            beforeReply.run();
            return CompletableFuture.completedFuture(replies.isEmpty() ? ACCEPTED : replies.remove(0));
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 1024, 1024),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        parts = new HandoffParts(
                custody,
                DIRECTORY,
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
        id = UUID.randomUUID();
        signup = signup(Duration.ofMinutes(10));
    }

    @AfterEach
    void close() {
        parts.close();
        custody.close();
    }

    PendingSignup signup(Duration hold) {
        Instant expiry = Instant.now().plus(hold);
        return HandoffParts.sealed(custody, id, expiry, expiry.plusSeconds(60), "first", "second");
    }

    HandoffEnd run(History history) throws Exception {
        return parts.handoff
                .run(signup, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    static BrokerReply bare(int status) {
        return new BrokerReply.Answered(status, Optional.empty(), Optional.empty());
    }

    static SlotView slot(HandoffEnd end) {
        return ((HandoffEnd.Finished) end).slot().orElseThrow();
    }

    EraseReason reason(HandoffEnd end) {
        return slot(end).reason().orElseThrow();
    }

    static HandoffEnd run(HandoffParts with, PendingSignup signup, History history) throws Exception {
        return with.handoff
                .run(signup, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    SlotReference slot() {
        return new SlotReference(signup.slot(), signup.generation());
    }
}
