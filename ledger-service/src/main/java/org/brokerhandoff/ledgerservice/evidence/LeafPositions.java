package org.brokerhandoff.ledgerservice.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;

/**
 * Where the leaves of each id stand. The index commits to their hashes and knows no places. A file of this process alone: it is made anew
 * at each start, at which the builder reads every leaf again, so a crash can leave nothing wrong in it. What it says is proven by the bundle
 * that is made of it. Not for several threads.
 */
public final class LeafPositions implements AutoCloseable {
    /** Rows that a crash may undo cost nothing, so one transaction takes many. */
    private static final int ROWS_PER_TRANSACTION = 20_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private int uncommitted;

    /**
     * Where a leaf stands.
     *
     * @param topic place of its topic in the order of the ledger's topics
     * @param entry number of the entry that lists its segment
     */
    public record Position(long entry, int topic, long offset) {}

    private LeafPositions(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            // It is of no use after this process, so nothing has to be on the disk.
            statement.execute("PRAGMA journal_mode = OFF");
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("CREATE TABLE leaf (id BLOB NOT NULL, entry INTEGER NOT NULL, topic INTEGER NOT NULL,"
                    + " position INTEGER NOT NULL, PRIMARY KEY (id, entry, topic, position)) WITHOUT ROWID");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO leaf (id, entry, topic, position) VALUES (?, ?, ?, ?)");
        select = connection.prepareStatement(
                "SELECT entry, topic, position FROM leaf WHERE id = ? ORDER BY entry, topic, position");
    }

    /**
     * Begins {@code file} anew.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static LeafPositions begin(Path file) {
        try {
            Files.deleteIfExists(file);
            // A path may have characters that mean something in a JDBC URL; a file URI quotes them.
            return new LeafPositions(DriverManager.getConnection(
                    "jdbc:sqlite:" + file.toAbsolutePath().toUri()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be replaced", e);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Takes up the leaves of a run that entry {@code entry} lists.
     *
     * @param topic place of the run's topic in the order of the ledger's topics
     */
    public void add(long entry, int topic, Run run) {
        try {
            long offset = run.first();
            for (LeafDigest leaf : run.leaves()) {
                if (leaf.id().isPresent()) {
                    insert.setBytes(1, bytes(leaf.id().get()));
                    insert.setLong(2, entry);
                    insert.setInt(3, topic);
                    insert.setLong(4, offset);
                    insert.addBatch();
                    uncommitted++;
                }
                offset++;
            }
            insert.executeBatch();
            if (uncommitted >= ROWS_PER_TRANSACTION) {
                connection.commit();
                uncommitted = 0;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Where the leaves of {@code id} stand, in the order of the ledger. */
    public List<Position> of(UUID id) {
        try {
            select.setBytes(1, bytes(id));
            List<Position> positions = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    positions.add(new Position(rows.getLong(1), rows.getInt(2), rows.getLong(3)));
                }
            }
            return positions;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UncheckedIOException failed(SQLException failure) {
        return new UncheckedIOException("the positions of leaves cannot be kept", new IOException(failure));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
