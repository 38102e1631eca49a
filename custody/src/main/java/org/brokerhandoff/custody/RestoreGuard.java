package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that the slot file under a running process is not the one it has been writing: replaced by another, or
 * overwritten with an older copy.
 *
 * <p>The file has a serial number that grows with every sync. Before an answer that rests on a sync is given, the number
 * is noted in this process and, for the other ones and for later starts, in the keyset; so an older copy has a lower
 * number than is known, from the moment its first block is there.
 */
final class RestoreGuard implements SyncGroup.Target {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreGuard.class);

    /** Of the slot file, locked while it is compared with what is known; growing locks byte 0, rotating byte 1. */
    private static final long OPENING_BYTE = 2;

    private final Path file;
    private final FileChannel channel;
    private final SlotControl control;
    private final @Nullable RotatingKeyset keyset;
    private final SlotRegion region;
    private final SyncGroup.Target target;
    private final @Nullable Object fileKey;
    private final boolean restored;
    private final long session;
    private volatile long known;

    RestoreGuard(
            Path file,
            FileChannel channel,
            SlotControl control,
            KeysetSource keyset,
            SlotRegion region,
            SyncGroup.Target target)
            throws IOException {
        this.file = file;
        this.channel = channel;
        this.control = control;
        this.keyset = keyset instanceof RotatingKeyset rotating ? rotating : null;
        this.region = region;
        this.target = target;
        this.fileKey = fileKey(file);
        synchronized (SlotAllocation.PROCESS_LOCKS) {
            // One at a time: of two services that start over an older copy, the second would else
            // change the session under the first.
            try (FileLock lock = channel.lock(OPENING_BYTE, 1, false)) {
                if (!lock.isValid()) {
                    throw new IOException("slot file " + file + " cannot be locked");
                }
                // What is known elsewhere first: a running process may sync in between, and the file is
                // ahead of it always.
                long elsewhere = elsewhereKnown();
                long serial = control.serial();
                this.restored = serial < elsewhere;
                if (restored) {
                    LOG.warn(
                            "slot file {} is an older copy: its serial number is {}, and was {} before",
                            file,
                            serial,
                            elsewhere);
                    // Before the serial number, which a process that has the file open may find plausible again.
                    control.changeSession(new SecureRandom().nextLong());
                    raiseSerialTo(elsewhere);
                }
                this.session = control.session();
                this.known = control.serial();
            }
        }
    }

    /** Whether the file was an older copy when it was opened. */
    boolean restored() {
        return restored;
    }

    private long elsewhereKnown() {
        return keyset == null ? 0 : keyset.slotFileSerial();
    }

    private void raiseSerialTo(long serial) {
        long seen = control.serial();
        while (seen < serial && !control.raiseSerial(seen, serial)) {
            seen = control.serial();
        }
    }

    /** A few reads of memory. Null, or why the file's content cannot be trusted. */
    @Nullable
    CustodyException complaint() {
        // What is known first: it never runs ahead of the file's own number.
        long expected = Math.max(known, elsewhereKnown());
        long serial = control.serial();
        if (serial < expected) {
            return changed(
                    "it was overwritten with an older copy: its serial number went from " + expected + " to " + serial);
        }
        return control.session() == session ? null : changed("it was overwritten with an older copy");
    }

    @Override
    public void sync() throws IOException {
        require(complaint());
        long seen = control.serial();
        while (!control.raiseSerial(seen, seen + 1)) {
            require(complaint());
            seen = control.serial();
        }
        target.sync();
        require(complaint());
        requireSameFile();
        known = seen + 1;
        if (keyset != null) {
            keyset.raiseSlotFileSerial(seen + 1);
        }
    }

    /** Also checks the file's name and size. */
    @Nullable
    CustodyException thoroughComplaint() {
        try {
            requireSameFile();
            if (keyset != null) {
                keyset.check();
            }
        } catch (IOException e) {
            return new CustodyException("slot file " + file + " cannot be examined", e);
        } catch (CustodyException e) {
            return e;
        }
        return complaint();
    }

    private void requireSameFile() throws IOException {
        if (!Objects.equals(fileKey(file), fileKey)) {
            throw changed("another file now has its name");
        }
        long bytes = channel.size();
        if (bytes < SlotLayout.fileBytes(region.slots())) {
            throw changed("it was truncated to " + bytes + " bytes");
        }
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return PrivateFile.exists(file)
                ? Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey()
                : "no file";
    }

    private static void require(@Nullable CustodyException complaint) {
        if (complaint != null) {
            throw complaint;
        }
    }

    private CustodyException changed(String how) {
        return new CustodyException("slot file " + file + " was changed from outside: " + how);
    }
}
