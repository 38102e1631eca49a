package org.brokerhandoff.ledgerservice.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.jspecify.annotations.Nullable;

/**
 * Positions of the leaves of each id, and of the places granted to it under brokers' caps. The index commits to hashes and has no positions.
 * A file private to this process: it is rebuilt at each start, when the builder reads every leaf again, so a crash leaves nothing wrong in
 * it. The bundle made from it proves its content. Not thread-safe.
 *
 * <p>Ids are random, so a tree sorted by id would write a page for nearly every leaf. Here each leaf is added to the newest block of its id's
 * bucket, in memory, and a full block is appended to the file; it refers to the previous full block of the same bucket, 127 leaves a block:
 *
 * <pre>
 * bucket ──▶ newest block, in memory ──▶ full block ──▶ … ──▶ first full block
 * block: place of the block before, or −1 │ 127 × (id, entry, topic, partition, offset) │ unused
 * </pre>
 *
 * A lookup reads one bucket, a 4096th of all.
 */
public final class LeafPositions implements AutoCloseable {
    private static final int BUCKETS = 4096;
    private static final int BLOCK_BYTES = 4096;
    private static final int ROW_BYTES = 2 * Long.BYTES + Integer.BYTES + 2 * Short.BYTES + Long.BYTES;
    private static final int ROWS = (BLOCK_BYTES - Long.BYTES) / ROW_BYTES;
    private static final int END_OF_ROWS = Long.BYTES + ROWS * ROW_BYTES;
    private static final long NONE = -1;

    private static final Pattern ID = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/");

    private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::entry)
            .thenComparingInt(Position::topic)
            .thenComparingInt(Position::partition)
            .thenComparingLong(Position::offset);

    private final FileChannel file;
    private final @Nullable ByteBuffer[] newest = new ByteBuffer[BUCKETS];
    private long end;

    /**
     * The position of a leaf.
     *
     * @param topic index of its topic in the order of the ledger's topics
     * @param entry number of the entry that lists its segment
     */
    public record Position(long entry, int topic, int partition, long offset) {}

    private LeafPositions(FileChannel file) {
        this.file = file;
    }

    /**
     * Starts {@code file} from scratch.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static LeafPositions begin(Path file) {
        try {
            return new LeafPositions(FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be replaced", e);
        }
    }

    /**
     * Adds the leaves of a run that entry {@code entry} lists.
     *
     * @param topic index of the run's topic in the order of the ledger's topics
     * @param indexed whether leaves belong to their keys; otherwise they belong to the id that their events' ids begin with
     */
    public void add(long entry, int topic, boolean indexed, Run run) {
        try {
            long offset = run.first();
            for (LeafDigest leaf : run.leaves()) {
                Optional<UUID> id = indexed ? leaf.id() : leaf.eventId().flatMap(LeafPositions::beginning);
                if (id.isPresent()) {
                    row(id.get(), new Position(entry, topic, run.partition(), offset));
                }
                offset++;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void row(UUID id, Position position) throws IOException {
        int bucket = bucket(id);
        ByteBuffer block = newest[bucket];
        if (block == null) {
            block = ByteBuffer.allocate(BLOCK_BYTES).putLong(NONE);
            newest[bucket] = block;
        } else if (block.position() == END_OF_ROWS) {
            long place = end;
            write(block.clear(), place);
            end = place + BLOCK_BYTES;
            block.clear().putLong(place);
        }
        block.putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(Math.toIntExact(position.entry()))
                .putShort((short) position.topic())
                .putShort((short) position.partition())
                .putLong(position.offset());
    }

    /** By bits that are random in every version of random or time-based ids. */
    private static int bucket(UUID id) {
        return (int) id.getLeastSignificantBits() & (BUCKETS - 1);
    }

    private void write(ByteBuffer block, long place) throws IOException {
        while (block.hasRemaining()) {
            var unused = file.write(block, place + block.position());
        }
    }

    /** The positions of the leaves of {@code id}, in the order of the ledger. */
    public List<Position> of(UUID id) {
        ByteBuffer newestBlock = newest[bucket(id)];
        if (newestBlock == null) {
            return List.of();
        }
        List<Position> found = new ArrayList<>();
        try {
            ByteBuffer block = newestBlock.duplicate().flip();
            ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
            for (long before = rows(block, id, found); before != NONE; before = rows(block, id, found)) {
                block = read(read.clear(), before).position(0).limit(END_OF_ROWS);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        found.sort(ORDER);
        return List.copyOf(found);
    }

    private ByteBuffer read(ByteBuffer block, long place) throws IOException {
        while (block.hasRemaining()) {
            if (file.read(block, place + block.position()) < 0) {
                throw new IOException("it is shorter than the data written");
            }
        }
        return block;
    }

    /** Adds the rows of {@code id}; returns the previous block. */
    private static long rows(ByteBuffer block, UUID id, List<Position> found) {
        long before = block.getLong();
        while (block.remaining() >= ROW_BYTES) {
            UUID of = new UUID(block.getLong(), block.getLong());
            Position position = new Position(
                    block.getInt(), block.getShort(), Short.toUnsignedInt(block.getShort()), block.getLong());
            if (of.equals(id)) {
                found.add(position);
            }
        }
        return before;
    }

    private static Optional<UUID> beginning(String eventId) {
        Matcher id = ID.matcher(eventId);
        return id.lookingAt() ? Optional.of(UUID.fromString(id.group(1))) : Optional.empty();
    }

    private static UncheckedIOException failed(IOException failure) {
        return new UncheckedIOException("the positions of leaves cannot be kept", failure);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
