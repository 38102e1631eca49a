package org.brokerhandoff.audit.state;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.brokerhandoff.audit.verify.Sorted;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.operations.files.DurableFiles;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.schemas.Digests;
import org.jspecify.annotations.Nullable;

/**
 * The auditor's file, readable only by its owner: which log and which of the ledger's checkpoints, the findings in each partition up to
 * there, and the partition's records, sorted by signup. SHA-256 over all of it is at the end and detects damage. Anyone with write access can
 * forge it, so it belongs to the auditor alone.
 *
 * <pre>
 * form, header │ partition 0: part, records │ … │ where parts and records begin, 8 bytes each │ SHA-256
 * </pre>
 */
public final class AuditState {
    private static final String FORM = "handoff-audit-state/v1";
    private static final int NO_MORE = -1;
    private static final int DIGEST_BYTES = 32;

    private final Path file;
    private final Header header;
    private final List<Long> starts;

    /**
     * The verified log.
     *
     * @param topicIds Kafka's, of the topics
     * @param installation name of the installation by which it was judged
     */
    public record Log(String cluster, String topicPrefix, String topicIds, String installation, int partitions) {
        /** Whether {@code other} has the same names. */
        public boolean isNamedAs(Log other) {
            return cluster.equals(other.cluster)
                    && topicPrefix.equals(other.topicPrefix)
                    && installation.equals(other.installation)
                    && partitions == other.partitions;
        }
    }

    /**
     * What was verified, up to which checkpoint, and by which version.
     *
     * @param version of the program; another one may have other rules
     * @param checkpoint of the ledger
     */
    public record Header(String version, Log log, Checkpoint checkpoint) {
        private void write(DataOutputStream out) throws IOException {
            out.writeUTF(FORM);
            out.writeUTF(version);
            out.writeUTF(log.cluster());
            out.writeUTF(log.topicPrefix());
            out.writeUTF(log.topicIds());
            out.writeUTF(log.installation());
            out.writeInt(log.partitions());
            out.writeUTF(checkpoint.origin());
            out.writeLong(checkpoint.size());
            out.write(checkpoint.root().bytes());
        }

        private static Header read(DataInputStream in) throws IOException {
            if (!in.readUTF().equals(FORM)) {
                throw new IOException("its format is not " + FORM);
            }
            return new Header(
                    in.readUTF(),
                    new Log(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readInt()),
                    new Checkpoint(in.readUTF(), in.readLong(), Hash.of(in.readNBytes(Hash.BYTES))));
        }
    }

    private AuditState(Path file, Header header, List<Long> starts) {
        this.file = file;
        this.header = header;
        this.starts = List.copyOf(starts);
    }

    /**
     * Opens a state, and verifies its digest.
     *
     * @return empty if the file does not exist
     * @throws UncheckedIOException if others may read or change it, or it is damaged
     */
    public static Optional<AuditState> open(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Path real = SecretFile.checked(file);
            long length = Files.size(real);
            check(real, length - DIGEST_BYTES);
            try (DataInputStream in = from(real, 0)) {
                Header header = Header.read(in);
                int starts = 2 * header.log().partitions();
                try (DataInputStream end = from(real, length - DIGEST_BYTES - (long) Long.BYTES * starts)) {
                    List<Long> all = new ArrayList<>();
                    for (int i = 0; i < starts; i++) {
                        all.add(end.readLong());
                    }
                    return Optional.of(new AuditState(real, header, all));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UncheckedIOException(
                    file + " is not a usable state: " + e.getMessage() + "; without it everything is verified",
                    new IOException(e));
        }
    }

    private static void check(Path file, long length) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            DigestInputStream read = new DigestInputStream(in, digest);
            if (length < 0) {
                throw new IOException("it is too short");
            }
            byte[] buffer = new byte[1 << 16];
            for (long left = length; left > 0; ) {
                int count = read.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("it is too short");
                }
                left -= count;
            }
            if (!MessageDigest.isEqual(digest.digest(), in.readNBytes(DIGEST_BYTES))) {
                throw new IOException("it is damaged");
            }
        }
    }

    private static DataInputStream from(Path file, long position) throws IOException {
        FileChannel channel = FileChannel.open(file);
        channel.position(position);
        return new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
    }

    /** Its header. */
    public Header header() {
        return header;
    }

    /** The findings in a partition, as written. */
    public DataInputStream part(int partition) throws IOException {
        return from(file, starts.get(2 * partition));
    }

    /** The records of a partition; read-only. */
    public Sorted records(int partition) {
        long start = starts.get(2 * partition + 1);
        return new Sorted() {
            @Override
            public void add(byte[] record) {
                throw new UnsupportedOperationException("a state is never changed");
            }

            @Override
            public Cursor cursor() {
                try {
                    return new FileCursor(from(file, start));
                } catch (IOException e) {
                    throw failed(e);
                }
            }

            @Override
            public void close() {}
        };
    }

    private record FileCursor(DataInputStream in) implements Sorted.Cursor {
        @Override
        public byte @Nullable [] next() {
            try {
                int length = in.readInt();
                if (length == NO_MORE) {
                    return null;
                }
                byte[] record = new byte[length];
                in.readFully(record);
                return record;
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("the state cannot be read: " + e.getMessage(), e);
    }

    /** Counts and digests the output. */
    private static final class Measured extends FilterOutputStream {
        private final MessageDigest digest = Digests.sha256();
        private long count;

        Measured(OutputStream to) {
            super(to);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            digest.update(bytes, from, length);
            count += length;
        }
    }

    /**
     * Writes {@code file} atomically: either the old or the new one exists whenever the process ends, and only its owner may read it.
     *
     * @param parts the findings, a file per partition
     * @param records of each partition
     * @throws UncheckedIOException if the disk refuses; the file is then unchanged
     */
    public static void write(Path file, Header header, List<Path> parts, IntFunction<Sorted> records) {
        DurableFiles.replace(
                file,
                out -> {
                    Measured measured = new Measured(out);
                    DataOutputStream to = new DataOutputStream(new BufferedOutputStream(measured, 1 << 16));
                    header.write(to);
                    List<Long> starts = new ArrayList<>();
                    for (int partition = 0; partition < header.log().partitions(); partition++) {
                        to.flush();
                        starts.add(measured.count);
                        Files.copy(parts.get(partition), to);
                        to.flush();
                        starts.add(measured.count);
                        write(records.apply(partition), to);
                    }
                    for (long start : starts) {
                        to.writeLong(start);
                    }
                    to.flush();
                    out.write(measured.digest.digest());
                },
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void write(Sorted records, DataOutputStream to) throws IOException {
        try (Sorted.Cursor cursor = records.cursor()) {
            for (byte[] next = cursor.next(); next != null; next = cursor.next()) {
                to.writeInt(next.length);
                to.write(next);
            }
        }
        to.writeInt(NO_MORE);
    }
}
