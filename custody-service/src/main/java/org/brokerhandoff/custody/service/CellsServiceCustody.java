package org.brokerhandoff.custody.service;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.cells.CellRoster;
import org.brokerhandoff.custody.cells.CellWatch;
import org.brokerhandoff.custody.cells.CellsCustody;
import org.brokerhandoff.custody.cells.HoldTerms;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellListener;
import org.brokerhandoff.custody.cells.decisions.DecisionSettings;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.decisions.FirstClaims;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.custody.cells.decisions.ReservationStore;
import org.brokerhandoff.custody.cells.decisions.SignupLeases;
import org.brokerhandoff.custody.cells.decisions.TokenLeases;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.fitness.DatabaseFinding;
import org.brokerhandoff.custody.cells.fitness.DatabaseRequirement;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.CustodyExamination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three cells and a database, which services of several hosts share. The database has to answer when it is opened; cells may be away. While the
 * database is not as it has to be, nothing new is held; what is held is worked on.
 */
final class CellsServiceCustody implements ServiceCustody, CellListener, HoldTerms {
    private static final Logger LOG = LoggerFactory.getLogger(CellsServiceCustody.class);
    private static final Duration CELL_LIMIT = Duration.ofSeconds(3);
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(2);
    /** A look that takes longer says that the database lets others wait, too. */
    private static final Duration USUAL_LOOK = Duration.ofSeconds(1);

    /** So long cells may take to be reached when a service starts; it starts without them after that. */
    private static final Duration FIRST_CONTACT = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 20;

    private final CellExaminations examined;
    private final InstantSource clock;
    private final CellClient client;
    private final DecisionStore store;
    private final CellWatch watch = new CellWatch();
    private final CellsCustody custody;
    private final JournalSync journal = new JournalSync();
    private final AtomicReferenceArray<CellState> cells;
    private final DatabaseTrust trust;
    /** The rows that had a key when this process began were not compared with the log yet. */
    private volatile boolean unchecked;

    private volatile Runnable examineAgain = () -> {};
    private volatile Optional<String> databaseProblem = Optional.empty();
    /** When the look that is under way began. */
    private volatile OptionalLong lookingSinceNanos = OptionalLong.empty();

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "custody-database");
        thread.setDaemon(true);
        return thread;
    });

    private CellsServiceCustody(
            CellsConfiguration where,
            Path localFile,
            InstantSource clock,
            DatabaseTrust trust,
            CellClient client,
            DecisionStore store) {
        this.examined = new CellExaminations(localFile, where.roster());
        this.clock = clock;
        this.client = client;
        this.store = store;
        int number = where.cells().size();
        this.cells = new AtomicReferenceArray<>(IntStream.range(0, number)
                .mapToObj(cell -> new CellState.Away())
                .toArray(CellState[]::new));
        List<Cell> reached = new ArrayList<>();
        for (int cell = 0; cell < number; cell++) {
            reached.add(new Cell(cell, where.cells().get(cell), client, clock, this));
        }
        this.trust = trust;
        this.unchecked = !store.unerasedAfter(0, 1).isEmpty();
        SecureRandom random = new SecureRandom();
        this.custody =
                new CellsCustody(store, new CellRoster(reached, random), watch, where.roster(), clock, random, this);
        reached.forEach(Cell::start);
        look();
        var unused = looking.scheduleWithFixedDelay(
                this::look, LOOK_PERIOD.toMillis(), LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    static ServiceCustody open(CellsConfiguration where, Path localFile, InstantSource clock) {
        DecisionStore store =
                DecisionStore.open(new DecisionSettings(where.url(), where.user(), where.password(), DATABASE_LIMIT));
        try {
            DatabaseTrust trust = new DatabaseTrust(store.progress(), localFile, where.acceptOlder());
            CellClient client = new CellClient(CELL_LIMIT, where.certificates());
            return new CellsServiceCustody(where, localFile, clock, trust, client, store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void look() {
        lookingSinceNanos = OptionalLong.of(System.nanoTime());
        Optional<String> before = databaseProblem;
        try {
            List<DatabaseFinding> findings = DatabaseRequirement.examine(store.facts());
            trust.look();
            databaseProblem = findings.isEmpty()
                    ? trust.doubt()
                    : Optional.of("the database is not fit: "
                            + findings.stream().map(DatabaseFinding::toString).collect(Collectors.joining(", ")));
        } catch (UncheckedIOException e) {
            databaseProblem = Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            databaseProblem = Optional.of("the database of custody does not answer");
        }
        lookingSinceNanos = OptionalLong.empty();
        if (!databaseProblem.equals(before)) {
            LOG.warn("{}", databaseProblem.orElse("the database of custody is fit"));
        }
    }

    @Override
    public void examined(int cell, boolean startedAgain, CellFacts facts, List<CellFinding> findings) {
        cells.set(
                cell,
                findings.isEmpty()
                        ? new CellState.Fit(facts.runId(), facts.host())
                        : new CellState.Unfit(
                                findings.stream().map(CellFinding::toString).toList()));
        watch.examined(cell, startedAgain, facts, findings);
        // At once: until the log has it, the cell's word for a destruction does not count.
        try {
            looking.execute(examineAgain);
        } catch (RejectedExecutionException closing) {
            LOG.debug("cell {} was examined at the end", cell);
        }
    }

    @Override
    public void lost(int cell) {
        cells.set(cell, new CellState.Away());
        watch.lost(cell);
    }

    @Override
    public Optional<CustodyException> distrust() {
        return trust.doubt()
                .map(CustodyException::new)
                .or(() -> unchecked
                        ? Optional.of(new CustodyException(
                                "nothing is decided before the log was compared with the database"))
                        : Optional.empty());
    }

    @Override
    public Optional<CustodyException> refusal() {
        return databaseProblem.map(CustodyException::new);
    }

    @Override
    public CompletionStage<?> durable() {
        return journal.synced();
    }

    @Override
    public KeyCustody keys() {
        return custody;
    }

    @Override
    public PartitionLeases leases(int partitions) {
        return TokenLeases.start(store.leases(UUID.randomUUID()), partitions, TokenLeases.LEASE);
    }

    /** Where the database is known to be away, no request waits for it. */
    @Override
    public Optional<ReservationStore> reservations(KeyDigest.Maker keys, InstantSource clock) {
        return Optional.of(store.reservations(keys, clock, () -> distrust().or(this::refusal)));
    }

    @Override
    public Optional<SignupLeases> signupLeases() {
        return Optional.of(store.signupLeases());
    }

    @Override
    public Optional<FirstClaims> claims() {
        return Optional.of(store.claims());
    }

    /** Waits a little for the cells, so that what a service finds at its start is found by all three. */
    @Override
    public CustodyExamination examine(ServiceName service, Instant now) {
        long until = System.nanoTime() + FIRST_CONTACT.toNanos();
        while (states().stream().anyMatch(CellState.Away.class::isInstance) && System.nanoTime() - until < 0) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return examined.again(service, databaseProblem.isEmpty(), states(), now);
    }

    @Override
    public void examineAgain(ServiceName service, Function<CustodyExamination, CompletionStage<?>> told) {
        Runnable look = () -> examined.lookAgain(service, databaseProblem.isEmpty(), states(), clock.instant(), told);
        examineAgain = look;
        var unused = looking.scheduleWithFixedDelay(
                look, LOOK_PERIOD.toMillis(), LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public AutoCloseable startUpkeep(InstantSource clock) {
        return () -> {
            // Cells are looked through with the sweeps.
        };
    }

    @Override
    public boolean serving() {
        return distrust().isEmpty();
    }

    @Override
    public void serveKeysAfter(PurgeHistory purges, Duration longestHold) {
        Optional<String> doubt = trust.doubt();
        if (doubt.isPresent()) {
            throw new CustodyException(doubt.get());
        }
        if (unchecked) {
            custody.compare(purges, store.progress().newestMark(), longestHold);
            unchecked = false;
        }
    }

    @Override
    public void mark(byte[] logPosition) {
        if (serving()) {
            store.progress().mark(logPosition);
        }
    }

    @Override
    public Set<UUID> signups() {
        return custody.signups();
    }

    @Override
    public void syncWith(Runnable sync) {
        journal.with(sync);
    }

    @Override
    public Health health(boolean sweepsFail) {
        return CellsHealth.of(databaseProblem, states(), sweepsFail);
    }

    @Override
    public boolean late() {
        OptionalLong since = lookingSinceNanos;
        return health(false) instanceof Health.Unhealthy
                || (since.isPresent() && System.nanoTime() - since.getAsLong() > USUAL_LOOK.toNanos());
    }

    private List<CellState> states() {
        return IntStream.range(0, cells.length()).mapToObj(cells::get).toList();
    }

    @Override
    public void close() {
        looking.shutdown();
        custody.close();
        client.close();
        journal.close();
    }
}
