package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Today's and yesterday's files, and their keys. Not thread-safe, except for {@link #removeBefore}. */
final class Days implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Days.class);
    private static final int SECONDS_OF_A_DAY = 86_400;

    private final Path file;
    private final DayKeys keys;
    private @Nullable DayFile today;
    private @Nullable DayFile yesterday;

    /** @param file absolute prefix of the files' names */
    Days(Path file, DayKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    /** Makes the day of {@code now} today, unless it is past: days never go back. */
    void turnTo(Instant now) throws IOException {
        DayFile former = today;
        long day = Math.floorDiv(now.getEpochSecond(), SECONDS_OF_A_DAY);
        if (former != null && day <= keys.today() && former.day() == keys.today()) {
            return;
        }
        keys.turnTo(day);
        DayFile before = yesterday;
        today = DayFile.open(name(keys.today()), keys.today(), keys.today("", ""));
        if (former != null && former.day() == oldest()) {
            yesterday = former;
        } else {
            yesterday = null;
            closeFile(former);
            if (Files.exists(name(oldest()))) {
                var unused = createYesterday();
            }
        }
        closeFile(before);
    }

    /** Yesterday's file, created if absent. */
    DayFile createYesterday() throws IOException {
        byte[] check = keys.yesterday("", "")
                .orElseThrow(() -> new IdempotencyFailed("the day key of yesterday's file is missing"));
        DayFile opened = DayFile.open(name(oldest()), oldest(), check);
        yesterday = opened;
        return opened;
    }

    /** The first day that is remembered. */
    long oldest() {
        return keys.today() - 1;
    }

    DayFile today() {
        if (today == null) {
            throw new IllegalStateException("turnTo comes first");
        }
        return today;
    }

    byte[] digestOfToday(String client, String key) {
        return keys.today(client, key);
    }

    /** What yesterday's file says about a key, if anything. */
    Optional<Reservation> findOfYesterday(String client, String key) {
        DayFile before = yesterday;
        if (before == null || before.index().size() == 0) {
            return Optional.empty();
        }
        return keys.yesterday(client, key).flatMap(digest -> before.find(digest).reservation());
    }

    /** The open files. */
    List<DayFile> open() {
        List<DayFile> open = new ArrayList<>(2);
        if (today != null) {
            open.add(today);
        }
        if (yesterday != null) {
            open.add(yesterday);
        }
        return open;
    }

    /** The file of a day; null once the day is over. */
    @Nullable
    DayFile of(long day) {
        if (today != null && today.day() == day) {
            return today;
        }
        return yesterday != null && yesterday.day() == day ? yesterday : null;
    }

    /** A file of a day that the keys do not know of, if there is one. */
    Optional<Path> unknown() throws IOException {
        return dayFiles().tailMap(keys.today() + 1).values().stream().findFirst();
    }

    /** Removes the files of days before {@code oldest}; slow, since a large file has many blocks to free. */
    void removeBefore(long oldest) throws IOException {
        for (Path over : dayFiles().headMap(oldest).values()) {
            Files.deleteIfExists(over);
        }
    }

    private SortedMap<Long, Path> dayFiles() throws IOException {
        SortedMap<Long, Path> found = new TreeMap<>();
        String start = file.getFileName() + ".";
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                file.resolveSibling("."),
                entry -> entry.getFileName().toString().startsWith(start))) {
            for (Path entry : entries) {
                try {
                    String day = entry.getFileName().toString().substring(start.length());
                    found.put(LocalDate.parse(day).toEpochDay(), entry);
                } catch (DateTimeException e) {
                    LOG.trace("{} is of no day", entry);
                }
            }
        }
        return found;
    }

    private Path name(long day) {
        return file.resolveSibling(file.getFileName() + "." + LocalDate.ofEpochDay(day));
    }

    private static void closeFile(@Nullable DayFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn(
                        "an idempotency file could not be closed: {}",
                        e.getClass().getSimpleName());
            }
        }
    }

    @Override
    public void close() {
        open().forEach(Days::closeFile);
        keys.close();
    }
}
