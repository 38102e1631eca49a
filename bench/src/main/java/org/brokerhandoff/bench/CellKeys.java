package org.brokerhandoff.bench;

import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.bench.memory.KeyForms;
import org.brokerhandoff.bench.memory.Patterns;
import org.brokerhandoff.bench.memory.ProcessMemory;
import org.brokerhandoff.bench.memory.SearchedProcess;
import org.brokerhandoff.bench.memory.Subject;
import org.brokerhandoff.custody.cells.CellWatch;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.decisions.DecisionSettings;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.brokerhandoff.custody.cells.share.KeyShares;

/**
 * Keys in cells, whose shares are read as the services do. Cells and databases are searched as well. Controls: in the services the password of the
 * cells, in the cells the shares of a key that lives, in both databases a key that was written into a table.
 */
final class CellKeys implements MemoryKeys {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int KEY_BYTES = 32;
    private static final int PASSWORD = 0;
    private static final int IN_DATABASE = 1;

    private final Patterns patterns;
    private final CellEngines engines;
    private final CellClient client;
    private final List<Cell> cells = new ArrayList<>();
    private Optional<DecisionStore> store = Optional.empty();
    private int noted;

    /**
     * Starts cells and databases.
     *
     * @param tls whether the services ask the cells over TLS
     * @param control text in the environment of every process
     */
    CellKeys(Path folder, boolean tls, String control, Patterns patterns) throws IOException, InterruptedException {
        this.patterns = patterns;
        this.engines = new CellEngines(
                folder, "", new Loopback(), new CellEngines.Extras(tls, Map.of("BENCH_MEMORY_CONTROL", control)));
        try {
            this.client = new CellClient(LIMIT, engines.authority());
        } catch (RuntimeException e) {
            engines.close();
            throw e;
        }
    }

    @Override
    public Map<String, String> settings() throws IOException {
        return Map.of("HANDOFF_CUSTODY", engines.setting());
    }

    @Override
    public void open(Path installation) throws InterruptedException {
        KeyForms.addTo(
                patterns,
                new Subject(Subject.Kind.CONTROL_KEY, PASSWORD),
                engines.password.getBytes(StandardCharsets.US_ASCII));
        store = Optional.of(DecisionStore.open(new DecisionSettings(
                engines.database.url(), Optional.of(EngineDatabase.USER), Optional.empty(), LIMIT)));
        for (int number = 0; number < KeyShares.CELLS; number++) {
            Cell cell = new Cell(number, engines.address(number), client, InstantSource.system(), new CellWatch());
            cells.add(cell);
            cell.start();
        }
        if (!Rig.waitFor(() -> cells.stream().allMatch(Cell::usable), LIMIT.multipliedBy(3), "the cells")) {
            throw new IllegalStateException("a cell cannot be used");
        }
    }

    @Override
    public void note(UUID signupId) {
        parts(signupId).ifPresent(this::add);
    }

    private synchronized void add(List<byte[]> parts) {
        byte[] key = new byte[KEY_BYTES];
        for (int part = 0; part < KeyShares.CELLS; part++) {
            KeyForms.addPartTo(patterns, Subject.part(Subject.Kind.PART, noted, part), parts.get(part));
            for (int at = 0; at < KEY_BYTES; at++) {
                key[at] ^= parts.get(part)[at];
            }
        }
        KeyForms.addTo(patterns, new Subject(Subject.Kind.KEY, noted), key);
        noted++;
    }

    @Override
    public synchronized int noted() {
        return noted;
    }

    @Override
    public void control(UUID signupId) {
        List<byte[]> parts =
                parts(signupId).orElseThrow(() -> new IllegalStateException("the control's key is not in the cells"));
        for (int part = 0; part < KeyShares.CELLS; part++) {
            KeyForms.addPartTo(patterns, Subject.part(Subject.Kind.CONTROL_PART, 0, part), parts.get(part));
        }
    }

    /** The three parts of a live key. */
    private Optional<List<byte[]>> parts(UUID signupId) {
        return store.orElseThrow().find(signupId).stream()
                .filter(CustodyRow::live)
                .findFirst()
                .flatMap(row -> {
                    Optional<byte[]> first = share(0, row);
                    Optional<byte[]> second = share(1, row);
                    // A cell has the two parts after its own number.
                    return first.isEmpty() || second.isEmpty()
                            ? Optional.empty()
                            : Optional.of(List.of(
                                    Arrays.copyOfRange(second.get(), KEY_BYTES, 2 * KEY_BYTES),
                                    Arrays.copyOf(first.get(), KEY_BYTES),
                                    Arrays.copyOfRange(first.get(), KEY_BYTES, 2 * KEY_BYTES)));
                });
    }

    private Optional<byte[]> share(int cell, CustodyRow row) {
        if (!(awaited(cells.get(cell).read(row.handle())) instanceof CellReading.Share read)) {
            return Optional.empty();
        }
        byte[] share = new byte[CellShare.LENGTH_BYTES];
        read.share().copyTo(ByteBuffer.wrap(share));
        read.share().destroy();
        return Optional.of(share);
    }

    @Override
    public List<SearchedProcess> processes() throws IOException {
        byte[] inDatabase = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(inDatabase);
        KeyForms.addTo(patterns, new Subject(Subject.Kind.CONTROL_KEY, IN_DATABASE), inDatabase);
        // With synchronous_commit at remote_apply the standby has it in its memory too when this returns.
        engines.database.execute("CREATE TABLE memory_control (value bytea); SET synchronous_commit = 'remote_apply';"
                + " INSERT INTO memory_control VALUES (decode('"
                + HexFormat.of().formatHex(inDatabase) + "', 'hex'))");
        List<SearchedProcess> processes = new ArrayList<>();
        for (EngineProcess cell : engines.cells) {
            processes.add(searched(cell, Subject.Kind.CONTROL_PART));
        }
        for (EngineProcess server : List.of(engines.database.primary, engines.database.standby)) {
            processes.add(searched(server, Subject.Kind.CONTROL_KEY));
        }
        return processes;
    }

    private static SearchedProcess searched(EngineProcess engine, Subject.Kind control) {
        Set<Subject.Kind> controls = EnumSet.of(Subject.Kind.CONTROL_TEXT, control);
        return new SearchedProcess(
                engine.name(), engine.pids().stream().map(ProcessMemory::of).toList(), controls);
    }

    @Override
    public boolean inParts() {
        return true;
    }

    @Override
    public void close() {
        cells.forEach(Cell::close);
        client.close();
        store.ifPresent(DecisionStore::close);
        engines.close();
    }
}
