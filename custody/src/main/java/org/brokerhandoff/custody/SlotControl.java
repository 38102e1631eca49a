package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

/** The numbers of a slot file that change while it is in use: the second block of the header region, mapped. */
final class SlotControl {
    private static final int SERIAL = 0;
    private static final int SESSION = 8;
    private static final int CHUNKS = 16;
    private static final int KEYSET_ID = 24;

    private final SharedNumbers numbers;

    SlotControl(FileChannel channel) throws IOException {
        this.numbers = new SharedNumbers(channel, SlotLayout.BLOCK_BYTES, SlotLayout.BLOCK_BYTES);
    }

    /** Grows with every sync of every process: an older copy of the file has a lower one. */
    long serial() {
        return numbers.get(SERIAL);
    }

    boolean raiseSerial(long seen, long next) {
        return numbers.compareAndSet(SERIAL, seen, next);
    }

    /** Changes when a process opens the file and finds that it is an older copy: those that had it open before notice. */
    long session() {
        return numbers.get(SESSION);
    }

    void changeSession(long session) {
        numbers.set(SESSION, session);
    }

    /** Chunks that the file has had: it never becomes smaller. */
    long chunks() {
        return numbers.get(CHUNKS);
    }

    void raiseChunks(long chunks) {
        numbers.raise(CHUNKS, chunks);
    }

    /**
     * Ties the file to a keyset, permanently.
     *
     * @return whether it is tied to that keyset now
     */
    boolean tiedTo(UUID keyset) {
        return numbers.claim(KEYSET_ID, keyset);
    }

    UUID keyset() {
        return numbers.id(KEYSET_ID);
    }

    /** Ties the file to its keyset, or refuses it with another one. */
    void tie(Path file, SlotFileHeader header, KeysetSource keyset) {
        if (keyset instanceof RotatingKeyset rotating) {
            rotating.tieTo(header.fileId());
            if (!tiedTo(rotating.id())) {
                throw new CustodyException("slot file " + file + " refused: its keys are wrapped under keyset "
                        + keyset() + ", not under " + rotating.id());
            }
        }
    }

    /**
     * Refuses a file that has become shorter. Its length is looked at after the number, which is raised after the file has grown: another
     * process may be at that right now.
     */
    void requireAllChunks(Path file, SlotFileHeader header, SlotRegion region) {
        long had = chunks() * header.chunkSlots();
        int slots = region.refreshed();
        if (slots < had) {
            throw new CustodyException(
                    "slot file " + file + " refused: it was truncated, it has " + slots + " slots and had " + had);
        }
        raiseChunks(slots / header.chunkSlots());
    }
}
