package org.brokerhandoff.audit.search;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Searches bytes for many texts at once, each in all its {@linkplain Encodings forms}. Exact, one pass. */
public final class PersonSearch {
    private static final int BLOCK_BYTES = 1 << 20;

    private final BytePatterns<Form> forms = new BytePatterns<>();
    private final int texts;

    private record Form(int person, String name) {}

    /**
     * Part of a person's data in a file. Names neither the person nor the text.
     *
     * @param place where
     * @param offset byte offset
     * @param person number of the person in the search
     * @param form its encoding
     */
    public record Finding(String place, long offset, int person, String form) {}

    /**
     * Result of a search of files.
     *
     * @param files files searched
     * @param bytes bytes searched
     * @param findings what was found
     * @param unreadable files and folders that could not be read
     */
    public record Result(int files, long bytes, List<Finding> findings, List<Path> unreadable) {
        /** Number of people of whom something was found. */
        public int people() {
            Set<Integer> people = new HashSet<>();
            findings.forEach(finding -> people.add(finding.person()));
            return people.size();
        }
    }

    /**
     * A search for people.
     *
     * @param people the texts of each person, every one of at least eight bytes
     */
    public PersonSearch(List<List<String>> people) {
        int count = 0;
        for (int person = 0; person < people.size(); person++) {
            for (String text : people.get(person)) {
                count++;
                int number = person;
                Encodings.of(text, BytePatterns.WINDOW_BYTES)
                        .forEach((name, bytes) -> forms.add(new Form(number, name), bytes));
            }
        }
        texts = count;
    }

    /** Number of search texts, before their forms. */
    public int texts() {
        return texts;
    }

    /** Everything found in {@code data}. */
    public List<Finding> find(String place, byte[] data) {
        List<Finding> findings = new ArrayList<>();
        find(place, data, data.length, 0, 0, findings);
        return findings;
    }

    /** Everything found in the regular files below {@code root}. Files that vanish meanwhile are skipped. */
    public Result findInFiles(Path root) throws IOException {
        return findInFiles(root, Set.of());
    }

    /**
     * As above, without some files: a process that reads a file it has locked loses the lock when it closes it (fcntl(2)).
     *
     * @param leftOut files that this process has locked and that contain nothing
     */
    public Result findInFiles(Path root, Set<Path> leftOut) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        int[] files = {0};
        long[] bytes = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.size() == 0) {
                    // Not opened: a router in this process may hold its leases on it, and closing it would drop them.
                    files[0]++;
                } else if (attributes.isRegularFile() && !leftOut.contains(file)) {
                    try {
                        bytes[0] += findInFile(file, findings);
                        files[0]++;
                    } catch (IOException e) {
                        if (Files.exists(file)) {
                            unreadable.add(file);
                        }
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                if (Files.exists(file)) {
                    unreadable.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new Result(files[0], bytes[0], findings, unreadable);
    }

    private long findInFile(Path file, List<Finding> findings) throws IOException {
        int longest = forms.longest();
        byte[] block = new byte[BLOCK_BYTES + longest];
        int kept = 0;
        long before = 0;
        try (InputStream stream = Files.newInputStream(file)) {
            int read = stream.readNBytes(block, kept, BLOCK_BYTES);
            while (read > 0) {
                int length = kept + read;
                // The retained bytes were searched already, except for forms that extend beyond them.
                int from = Math.max(0, kept - longest + 1);
                find(file.toString(), block, length, from, before, findings);
                int keep = Math.min(longest, length);
                System.arraycopy(block, length - keep, block, 0, keep);
                before += length - keep;
                kept = keep;
                read = stream.readNBytes(block, kept, BLOCK_BYTES);
            }
            return before + kept;
        }
    }

    private void find(String place, byte[] data, int length, int from, long before, List<Finding> findings) {
        forms.find(data, length, from, length, (at, form) -> {
            Finding finding = new Finding(place, before + at, form.person(), form.name());
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
        });
    }
}
