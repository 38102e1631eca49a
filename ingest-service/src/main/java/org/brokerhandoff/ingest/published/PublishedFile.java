package org.brokerhandoff.ingest.published;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.eventlog.LogMark;
import org.brokerhandoff.ingest.domain.Policy;

/**
 * What was published up to a mark in the log, cached so that a start need not read the log before the mark. Private to one process. It may be
 * lost, damaged or stale: then more of the log is read. Replaced by rename, so that it is either the former or the new one whenever the
 * process ends; never synced, since its checksum detects damage.
 */
final class PublishedFile {
    private static final byte VERSION = 2;
    private static final int CHECKSUM_BYTES = Long.BYTES;

    private final Path file;

    PublishedFile(Path file) {
        this.file = file;
    }

    /** A mark, and what was published before it. */
    record Kept(LogMark mark, Published published) {}

    /** The cached content; empty if absent or invalid. */
    Optional<Kept> read() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length <= CHECKSUM_BYTES
                    || ByteBuffer.wrap(bytes).getLong() != checksum(bytes)
                    || bytes[CHECKSUM_BYTES] != VERSION) {
                return Optional.empty();
            }
            return decoded(new DataInputStream(
                    new ByteArrayInputStream(Arrays.copyOfRange(bytes, CHECKSUM_BYTES + 1, bytes.length))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Kept> decoded(DataInputStream in) throws IOException {
        byte[] encodedMark = new byte[in.readInt()];
        in.readFully(encodedMark);
        List<Policy> policies = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            policies.add(new Policy(
                    DocumentKind.valueOf(in.readUTF()),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    Instant.ofEpochMilli(in.readLong()),
                    Instant.ofEpochMilli(in.readLong())));
        }
        Set<String> recipients = new HashSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            recipients.add(in.readUTF());
        }
        return LogMark.decoded(encodedMark).map(mark -> new Kept(mark, new Published(policies, recipients)));
    }

    void write(Kept kept) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(content)) {
            out.writeLong(0);
            out.writeByte(VERSION);
            byte[] encodedMark = kept.mark().encoded();
            out.writeInt(encodedMark.length);
            out.write(encodedMark);
            out.writeInt(kept.published().policies().size());
            for (Policy policy : kept.published().policies()) {
                out.writeUTF(policy.kind().name());
                out.writeUTF(policy.version());
                out.writeUTF(policy.language());
                out.writeUTF(policy.sha256());
                out.writeLong(policy.effectiveAt().toEpochMilli());
                out.writeLong(policy.publishedAt().toEpochMilli());
            }
            out.writeInt(kept.published().recipients().size());
            for (String recipient : kept.published().recipients()) {
                out.writeUTF(recipient);
            }
        }
        byte[] bytes = content.toByteArray();
        ByteBuffer.wrap(bytes).putLong(checksum(bytes));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(written, bytes);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, CHECKSUM_BYTES, bytes.length - CHECKSUM_BYTES);
        return crc.getValue();
    }
}
