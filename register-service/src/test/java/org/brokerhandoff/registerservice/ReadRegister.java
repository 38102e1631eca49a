package org.brokerhandoff.registerservice;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.PassedEnds;
import org.brokerhandoff.register.Register;
import org.brokerhandoff.register.RegisterRebuild;
import org.brokerhandoff.register.RegisterSettings;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** A test's register, as ingest reads it: after everything in the log. */
final class ReadRegister implements AutoCloseable {
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RegisterFixture fixture;
    private final Register register;
    private final FreshRegister fresh;

    record Statuses(List<UUID> missing, List<SignupStatus> found) {}

    ReadRegister(RegisterFixture fixture) {
        this.fixture = fixture;
        this.register = Register.open(fixture.settings.register());
        this.fresh = FreshRegister.of(fixture.clients, register);
    }

    private PassedEnds passed(int partition) {
        return fresh.passed(TOPICS, partition, PATIENCE).toCompletableFuture().join();
    }

    Optional<SignupStatus> status(UUID id) {
        return register.past(passed(EventPartitions.of(id, RegisterFixture.PARTITIONS)), view -> view.status(id));
    }

    Statuses statuses(List<UUID> ids) {
        List<UUID> missing = new ArrayList<>();
        List<SignupStatus> found = new ArrayList<>();
        for (UUID id : ids) {
            status(id).ifPresentOrElse(found::add, () -> missing.add(id));
        }
        return new Statuses(missing, found);
    }

    /** All rows, when nothing is in progress. */
    String text() {
        for (int partition = 0; partition < RegisterFixture.PARTITIONS; partition++) {
            passed(partition);
        }
        return text(register);
    }

    /** As above, for a register that is rebuilt in {@code file}. */
    String rebuiltText(Path file) {
        try (Register anew =
                Register.open(new RegisterSettings("jdbc:sqlite:" + file, Optional.empty(), Optional.empty()))) {
            RegisterRebuild.run(fixture.clients, new EventCodec(), anew, (done, total) -> {});
            return text(anew);
        }
    }

    /** Rebuilds everything into new tables, as {@code ./handoff register rebuild} does. */
    void rebuild() {
        RegisterRebuild.run(fixture.clients, new EventCodec(), register, (done, total) -> {});
    }

    private static String text(Register of) {
        StringWriter text = new StringWriter();
        try {
            of.export(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public void close() {
        fresh.close();
        register.close();
    }
}
