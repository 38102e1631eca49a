package org.brokerhandoff.ingest.idempotency;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.register.SqliteUrl;

/**
 * The reservations that a version before 28 November 2026 left in an SQLite file. A line of text then replaces the file, so that such a
 * version, which does not know the journal, fails to start.
 */
final class FormerStore {
    private static final byte[] REPLACEMENT =
            "The idempotency journal: its records are in the files beside this one, a file for each day.\n"
                    .getBytes(StandardCharsets.UTF_8);

    /** Takes over what was read. */
    interface Taker {
        void take(Reservation reservation) throws IOException;
    }

    private FormerStore() {}

    /** Whether nothing is left to take over; creates the marker if the file does not exist. */
    static boolean isReplaced(Path file) throws IOException {
        if (!Files.exists(file)) {
            replace(file);
        }
        return Files.size(file) == REPLACEMENT.length && Arrays.equals(Files.readAllBytes(file), REPLACEMENT);
    }

    /**
     * Gives the reservations of {@code oldestDay} and later to {@code taker}.
     *
     * @throws IdempotencyFailed if the file is anything else
     */
    static void read(Path file, long oldestDay, Taker taker) throws IOException {
        try (Connection connection = DriverManager.getConnection(SqliteUrl.of(file));
                PreparedStatement select = connection.prepareStatement(
                        "SELECT day, digest, signup, received_at, erase_by, slot, generation, state, request, given_at"
                                + " FROM reservation WHERE day >= ?")) {
            select.setLong(1, oldestDay);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    taker.take(reservation(rows));
                }
            }
        } catch (SQLException e) {
            throw new IdempotencyFailed(
                    "it is a file of neither this nor the former version; the journal is in the files beside it, so move it away if"
                            + " you know that it has no idempotency keys",
                    e);
        }
    }

    private static Reservation reservation(ResultSet rows) throws SQLException {
        ByteBuffer signup = ByteBuffer.wrap(rows.getBytes("signup"));
        int slot = rows.getInt("slot");
        Optional<SlotReference> reference =
                rows.wasNull() ? Optional.empty() : Optional.of(new SlotReference(slot, rows.getInt("generation")));
        byte[] request = rows.getBytes("request");
        return new Reservation(
                new ReservationId(rows.getLong("day"), rows.getBytes("digest"), 0),
                rows.getInt("state") == 1 ? Reservation.State.ACCEPTED : Reservation.State.RESERVED,
                new UUID(signup.getLong(), signup.getLong()),
                Instant.ofEpochMilli(rows.getLong("received_at")),
                Instant.ofEpochMilli(rows.getLong("erase_by")),
                reference,
                request == null
                        ? Optional.empty()
                        : Optional.of(
                                new RequestMark(new Digest(request), Instant.ofEpochMilli(rows.getLong("given_at")))));
    }

    /** Writes the line of text, durably. */
    static void replace(Path file) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(REPLACEMENT));
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
    }
}
