package org.brokerhandoff.custody.preflight;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotFileBytes;
import org.brokerhandoff.custody.SlotReference;

/**
 * Puts a test key into custody, erases it, and searches for it in the file.
 *
 * <p>A process killed in between leaves the key to its expiry, a minute later, and the erased slot to the router, which purges it
 * as the key of a request that was never accepted.
 */
final class Canary {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final long LIMIT_SECONDS = 30;
    private static final int BLOCK_BYTES = 4096;
    private static final int READ_BYTES = 1 << 20;
    /** Searches for both halves of the key, so that a partial overwrite does not pass. */
    private static final int NONCE_BYTES = 12;

    private static final int HALF_KEY_BYTES = 16;

    private final KeyCustody custody;
    private final Path file;

    Canary(KeyCustody custody, Path file) {
        this.custody = custody;
        this.file = file;
    }

    /**
     * Holds, erases, searches, and frees the slot. Blocks; reads the whole file.
     *
     * @throws CustodyException if custody failed, be it that its own read-back found the key
     */
    CanaryResult run(Instant now) {
        UUID id = UUID.randomUUID();
        byte[] wrapped = new byte[0];
        try {
            if (!(done(custody.hold(id, now.plus(LIFE))) instanceof HoldOutcome.Held held)) {
                return new CanaryResult.NotDone("no slot is free");
            }
            held.key().destroy();
            SlotReference slot = held.slot();
            Optional<CanaryResult> unseen;
            try {
                wrapped = wrappedKey(slot);
                unseen = isZero(wrapped)
                        ? Optional.of(new CanaryResult.NotDone("the key is not visible at its place in the file"))
                        : Optional.empty();
            } finally {
                var unused = done(custody.erase(slot, id, EraseReason.EXPIRED));
            }
            CanaryResult result = unseen.isPresent() ? unseen.get() : searched(slot, wrapped);
            var unused = done(custody.free(slot, id));
            return result;
        } catch (IOException e) {
            return new CanaryResult.NotDone(
                    "the slot file cannot be read: " + e.getClass().getSimpleName());
        } finally {
            Arrays.fill(wrapped, (byte) 0);
        }
    }

    private byte[] wrappedKey(SlotReference slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SlotFileBytes.WRAPPED_KEY_BYTES);
        long at = SlotFileBytes.wrappedKeyOffset(slot);
        return SlotFileBytes.read(file, Set.of(), channel -> {
            while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
                // a positioned read may return less than asked for
            }
            return bytes.array();
        });
    }

    private CanaryResult searched(SlotReference slot, byte[] wrapped) throws IOException {
        Optional<CanaryResult> direct = search(slot, wrapped, ReadBack.DIRECT);
        return direct.isPresent()
                ? direct.get()
                : search(slot, wrapped, ReadBack.MAPPED)
                        .orElseThrow(() -> new IOException("the slot file ended early"));
    }

    /** Empty if the file cannot be read in this way. */
    private Optional<CanaryResult> search(SlotReference slot, byte[] wrapped, ReadBack way) throws IOException {
        Set<? extends OpenOption> options =
                way == ReadBack.DIRECT ? Set.of(ExtendedOpenOption.DIRECT) : Set.<OpenOption>of();
        try {
            return SlotFileBytes.read(file, options, channel -> search(slot, wrapped, way, channel));
        } catch (IOException | UnsupportedOperationException e) {
            if (way == ReadBack.DIRECT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<CanaryResult> search(SlotReference slot, byte[] wrapped, ReadBack way, FileChannel channel)
            throws IOException {
        long place = SlotFileBytes.wrappedKeyOffset(slot);
        // One block before each read is kept, so that a key across two reads is seen.
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES + READ_BYTES + BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES);
        long size = channel.size();
        int kept = 0;
        for (long from = 0; from < size; ) {
            buffer.limit(BLOCK_BYTES + READ_BYTES).position(BLOCK_BYTES);
            int read = channel.read(buffer, from);
            if (read <= 0 || (way == ReadBack.DIRECT && read % BLOCK_BYTES != 0 && from + read < size)) {
                return Optional.empty();
            }
            Optional<Long> found = find(buffer, BLOCK_BYTES - kept, BLOCK_BYTES + read, wrapped, from - BLOCK_BYTES);
            if (found.isPresent()) {
                return Optional.of(new CanaryResult.Found(
                        "offset " + found.get() + (found.get() == place + NONCE_BYTES ? ", its own place" : "")));
            }
            // Only whole blocks lie behind a read that is not the last, so the last block of it is aligned.
            if (read >= BLOCK_BYTES) {
                buffer.put(0, buffer, read, BLOCK_BYTES);
                kept = BLOCK_BYTES;
            }
            from += read;
        }
        return Optional.of(new CanaryResult.Clean(way, size));
    }

    /** The offset in the file of either half of the wrapped key. */
    private static Optional<Long> find(ByteBuffer buffer, int start, int end, byte[] wrapped, long fileOffset) {
        for (int half = 0; half < 2; half++) {
            int begin = NONCE_BYTES + half * HALF_KEY_BYTES;
            ByteBuffer needle = ByteBuffer.wrap(wrapped, begin, HALF_KEY_BYTES);
            long first = needle.getLong(begin);
            for (int at = start; at + HALF_KEY_BYTES <= end; at++) {
                if (buffer.getLong(at) == first
                        && buffer.getLong(at + Long.BYTES) == needle.getLong(begin + Long.BYTES)) {
                    return Optional.of(fileOffset + at);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static <T> T done(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CustodyException refused) {
                throw refused;
            }
            throw new IOException("custody did not erase it", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("custody did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
