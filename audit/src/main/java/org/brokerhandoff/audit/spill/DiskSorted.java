package org.brokerhandoff.audit.spill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefComparator;
import org.apache.lucene.util.OfflineSorter;
import org.brokerhandoff.audit.verify.Sorted;
import org.jspecify.annotations.Nullable;

/** Records in a file, ordered by an external merge sort. Files have checksums: disk corruption is an error, not a verdict. */
final class DiskSorted implements Sorted {
    /** Sorted runs that are merged at a time. */
    private static final int MOST_RUNS = 128;

    private static final String PREFIX = "records";

    private final Directory files;
    private final int bufferMegabytes;
    private Optional<IndexOutput> unsorted = Optional.empty();
    private Optional<OfflineSorter.ByteSequencesWriter> writer = Optional.empty();
    private Optional<String> sorted = Optional.empty();
    private boolean read;

    DiskSorted(Directory files, long bufferBytes) {
        this.files = files;
        this.bufferMegabytes = (int) Math.max(1, bufferBytes >> 20);
    }

    @Override
    public synchronized void add(byte[] record) {
        if (read) {
            throw new IllegalStateException("what is read grows no more");
        }
        try {
            if (writer.isEmpty()) {
                IndexOutput output = files.createTempOutput(PREFIX, "unsorted", IOContext.DEFAULT);
                unsorted = Optional.of(output);
                writer = Optional.of(new OfflineSorter.ByteSequencesWriter(output));
            }
            writer.get().write(record);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized Cursor cursor() {
        read = true;
        try {
            sort();
            return new FileCursor(
                    sorted.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new OfflineSorter.ByteSequencesReader(
                                    files.openChecksumInput(sorted.get(), IOContext.READONCE), sorted.get())));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** For a sorted file; none if nothing was added. */
    private record FileCursor(Optional<OfflineSorter.ByteSequencesReader> reader) implements Cursor {
        @Override
        public byte @Nullable [] next() {
            try {
                BytesRef next = reader.isEmpty() ? null : reader.get().next();
                return next == null ? null : Arrays.copyOfRange(next.bytes, next.offset, next.offset + next.length);
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            try {
                if (reader.isPresent()) {
                    reader.get().close();
                }
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private void sort() throws IOException {
        if (writer.isEmpty()) {
            return;
        }
        IndexOutput output = unsorted.orElseThrow();
        CodecUtil.writeFooter(output);
        writer.get().close();
        writer = Optional.empty();
        OfflineSorter sorter = new OfflineSorter(
                files,
                PREFIX,
                BytesRefComparator.NATURAL,
                OfflineSorter.BufferSize.megabytes(bufferMegabytes),
                MOST_RUNS,
                -1,
                null,
                0);
        sorted = Optional.of(sorter.sort(output.getName()));
        files.deleteFile(output.getName());
        unsorted = Optional.empty();
    }

    @Override
    public synchronized void close() {
        try {
            if (writer.isPresent()) {
                writer.get().close();
                writer = Optional.empty();
            }
            if (unsorted.isPresent()) {
                files.deleteFile(unsorted.get().getName());
                unsorted = Optional.empty();
            }
            if (sorted.isPresent()) {
                files.deleteFile(sorted.get());
                sorted = Optional.empty();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("the log cannot be sorted in the temporary folder: " + e.getMessage(), e);
    }
}
