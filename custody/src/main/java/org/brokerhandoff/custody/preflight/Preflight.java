package org.brokerhandoff.custody.preflight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.KeysetSource;
import org.brokerhandoff.custody.SlotFile;

/** The examination, for a service at its start and for an operator before it. Blocks. */
public final class Preflight {
    private static final int CANARY_SLOTS = 32;

    private Preflight() {}

    /**
     * Examines the host and this process, and runs the canary in the slot file itself.
     *
     * @param custody the open slot file
     * @param slotFile where it is
     * @param keysetFile where its epoch keys are
     * @param now when the canary's key is held
     * @throws OverwritingFails if the erased canary is still in the file
     * @throws CustodyException if custody fails on the way
     */
    public static Examination ofService(KeyCustody custody, Path slotFile, Path keysetFile, Instant now) {
        Path file = slotFile.toAbsolutePath();
        Examination examination = FindingRules.examine(
                HostFacts.ofThisHost().of(file, Optional.of(keysetFile)), new Canary(custody, file).run(now));
        if (examination.canary() instanceof CanaryResult.Found) {
            throw new OverwritingFails(examination);
        }
        return examination;
    }

    /**
     * Examines the host and this process without touching the slot file, which may be in use or not be made yet: the canary runs
     * in a small slot file of its own beside it, under an epoch key that is not kept.
     */
    public static Examination ofPlace(Path slotFile, Path keysetFile, Instant now) {
        return FindingRules.examine(
                HostFacts.ofThisHost().of(slotFile, Optional.of(keysetFile)),
                canaryBeside(slotFile.toAbsolutePath(), now));
    }

    /**
     * Examines the memory of this process and its host, where keys are in use that are kept elsewhere: nothing is written.
     *
     * @param beside a file of this process; what is found of its place says nothing of the keys
     */
    public static Examination ofMemory(Path beside) {
        return FindingRules.examine(
                HostFacts.ofThisHost().of(beside.toAbsolutePath(), Optional.empty()),
                new CanaryResult.NotDone("no key is kept here"));
    }

    /**
     * Examines the memory of another process of this host, of the same view of {@code /proc}, which is none of Java: nothing is written.
     *
     * @param process its number
     */
    public static MemoryExposure ofProcess(long process) {
        Examination examination = FindingRules.examine(
                HostFacts.ofProcess(process).ofMemory(), new CanaryResult.NotDone("no key is kept here"));
        return MemoryExposure.of(examination);
    }

    private static CanaryResult canaryBeside(Path slotFile, Instant now) {
        Path directory = slotFile.getParent();
        while (directory != null && !Files.isDirectory(directory)) {
            directory = directory.getParent();
        }
        if (directory == null) {
            return new CanaryResult.NotDone("no directory for a file");
        }
        Path file = directory.resolve("." + slotFile.getFileName() + "." + UUID.randomUUID() + ".canary");
        try (SlotFile custody = SlotFile.open(new CustodySettings(file, CANARY_SLOTS, CANARY_SLOTS), new Unkept())) {
            return new Canary(custody, file).run(now);
        } catch (CustodyException e) {
            return new CanaryResult.NotDone("custody failed: " + e.getMessage());
        } catch (UncheckedIOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new CanaryResult.NotDone("no file can be created in " + directory + ": "
                    + cause.getClass().getSimpleName());
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the canary file " + file + " is left behind; it holds no real key", e);
        }
    }

    /** One epoch key, for as long as the canary runs. */
    private static final class Unkept implements KeysetSource {
        private final DataKey key = DataKey.random(new SecureRandom());

        @Override
        public int currentEpoch() {
            return 1;
        }

        @Override
        public Optional<SecretKey> key(int epoch) {
            return epoch == 1 ? Optional.of(key) : Optional.empty();
        }
    }
}
