package org.brokerhandoff.custody.cells.rules;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.brokerhandoff.custody.EraseReason;
import org.jspecify.annotations.Nullable;

/**
 * One key, three cells, a caller that erases it and a repairer for each cell, with everything that may come between any two of their steps:
 * cells that restart, are cut off and come back, locks that are lost, tombstones that expire. What is decided, and what is next, is
 * asked of the code that decides it in production; only what PostgreSQL and a cell do is written down here ({@code CellScriptIT} compares a
 * real cell).
 *
 * @param guards what is left in place
 */
record RepairModel(Set<Guard> guards) {
    /** What the design rests on. */
    enum Guard {
        EVERY_REACHABLE_CELL,
        ROW_LOCK,
        SECOND_LOOK
    }

    /** How many faults may still happen. */
    record Faults(int restarts, int cuts, int lostLocks) {}

    /** What a caller that erases the key is about. */
    enum Eraser {
        WAITING,
        DESTROYING,
        SWEEPING
    }

    /** A repairer of one cell; {@code first} is what it has read of the first of the two others. */
    record Repairer(Repair repair, @Nullable CellContent first, boolean locks) {}

    record World(
            CustodyRow row,
            List<CellContent> cells,
            CellSet cut,
            Eraser eraser,
            Destruction destruction,
            List<Optional<Repairer>> repairers,
            Faults faults) {
        long alive() {
            return cells.stream().filter(CellContent.SHARE::equals).count();
        }

        /** A destruction was confirmed. */
        boolean confirmed() {
            return row.erasedAt().isPresent();
        }

        private World with(CustodyRow newRow, Eraser newEraser, Destruction newDestruction) {
            return new World(newRow, cells, cut, newEraser, newDestruction, repairers, faults);
        }

        private World holding(int cell, CellContent content) {
            return new World(row, replaced(cells, cell, content), cut, eraser, destruction, repairers, faults);
        }

        private World repairing(int cell, Repairer repairer) {
            return new World(
                    row, cells, cut, eraser, destruction, replaced(repairers, cell, Optional.of(repairer)), faults);
        }

        private World after(CellSet newCut, Faults left) {
            return new World(row, cells, newCut, eraser, destruction, repairers, left);
        }
    }

    private static final Instant NOW = Instant.parse("2026-11-29T23:00:00Z");

    static World beginning(Faults faults) {
        return new World(
                CustodyRow.held(
                        new UUID(1, 1), HoldNumber.FIRST, new CellHandle(new UUID(2, 2)), 1, NOW.plusSeconds(3600)),
                Collections.nCopies(3, CellContent.SHARE),
                CellSet.NONE,
                Eraser.WAITING,
                Destruction.BEGINNING,
                Collections.nCopies(3, Optional.empty()),
                faults);
    }

    /** All worlds that can be reached, and the way to the first that is {@code bad}, if there is one. */
    record Explored(int worlds, List<World> wayToBad) {}

    Explored explore(Faults faults, Predicate<World> bad) {
        World start = beginning(faults);
        Map<World, Optional<World>> cameFrom = new HashMap<>();
        cameFrom.put(start, Optional.empty());
        Deque<World> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            World world = open.remove();
            if (bad.test(world)) {
                List<World> way = new ArrayList<>();
                for (Optional<World> at = Optional.of(world);
                        at.isPresent();
                        at = cameFrom.getOrDefault(at.get(), Optional.empty())) {
                    way.add(0, at.get());
                }
                return new Explored(cameFrom.size(), way);
            }
            Consumer<World> reach = next -> {
                if (cameFrom.putIfAbsent(next, Optional.of(world)) == null) {
                    open.add(next);
                }
            };
            steps(world, reach);
            events(world, reach);
        }
        return new Explored(cameFrom.size(), List.of());
    }

    /** Nothing is left to do, unless something else happens. */
    boolean atRest(World world) {
        List<World> next = new ArrayList<>();
        steps(world, next::add);
        return next.stream().allMatch(world::equals);
    }

    private void steps(World world, Consumer<World> reach) {
        erase(world, reach);
        for (int cell = 0; cell < 3; cell++) {
            repair(world, cell, reach);
        }
    }

    private void erase(World world, Consumer<World> reach) {
        switch (world.eraser()) {
            case WAITING -> {
                if (world.repairers().stream()
                        .noneMatch(at -> at.filter(Repairer::locks).isPresent())) {
                    CustodyRow row =
                            written(RowRules.erase(Optional.of(world.row()), EraseReason.WITHDRAWN, NOW), world);
                    reach.accept(world.with(row, Eraser.DESTROYING, Destruction.BEGINNING));
                }
            }
            case DESTROYING -> {
                Destruction done = world.destruction();
                if (!guards.contains(Guard.EVERY_REACHABLE_CELL)
                        && done.zeroed().majority()) {
                    done = new Destruction(CellSet.ALL, done.zeroed());
                }
                Destruction sofar = done;
                if (done.next() instanceof Destruction.Step.Destroy left) {
                    left.cells()
                            .cells()
                            .forEach(cell -> reach.accept(
                                    world.cut().has(cell)
                                            ? world.with(world.row(), Eraser.DESTROYING, sofar.failed(cell))
                                            : world.holding(cell, CellContent.ZEROS)
                                                    .with(world.row(), Eraser.DESTROYING, sofar.zero(cell))));
                } else if (done.next() instanceof Destruction.Step.Confirm confirm) {
                    reach.accept(world.with(noted(world, confirm.zeroed()), Eraser.SWEEPING, Destruction.BEGINNING));
                } else if (done.next() instanceof Destruction.Step.Incomplete incomplete) {
                    reach.accept(
                            world.with(noted(world, incomplete.zeroed()), Eraser.DESTROYING, Destruction.BEGINNING));
                }
            }
            case SWEEPING ->
                world.row()
                        .zeroed()
                        .others()
                        .cells()
                        .filter(cell -> !world.cut().has(cell))
                        .forEach(cell -> reach.accept(world.holding(cell, CellContent.ZEROS)
                                .with(noted(world, CellSet.of(cell)), Eraser.SWEEPING, Destruction.BEGINNING)));
        }
    }

    private static CustodyRow noted(World world, CellSet zeroed) {
        return written(RowRules.zeroed(Optional.of(world.row()), zeroed, CellRuns.NONE, NOW), world);
    }

    private static CustodyRow written(Decision<?> decision, World world) {
        return decision.change() instanceof RowChange.Write write ? write.row() : world.row();
    }

    private void repair(World world, int cell, Consumer<World> reach) {
        Optional<Repairer> at = world.repairers().get(cell);
        if (at.isEmpty()) {
            return;
        }
        boolean locks = at.get().locks();
        boolean live = world.row().live();
        Repair repair = at.get().repair();
        boolean cut = world.cut().has(cell);
        if (repair instanceof Repair.Begun begun) {
            reach.accept(
                    world.repairing(cell, new Repairer(begun.locked(live), null, guards.contains(Guard.ROW_LOCK))));
        } else if (repair instanceof Repair.Reading reading) {
            CellContent first = at.get().first();
            CellContent seen = seen(world, (cell + (first == null ? 1 : 2)) % 3);
            reach.accept(world.repairing(
                    cell,
                    first == null
                            ? new Repairer(reading, seen, locks)
                            : new Repairer(reading.read(first, seen), null, locks)));
        } else if (repair instanceof Repair.Ready ready) {
            boolean takes = !cut && world.cells().get(cell) == CellContent.NOTHING;
            World put = takes ? world.holding(cell, CellContent.SHARE) : world;
            reach.accept(put.repairing(cell, new Repairer(ready.put(), null, locks)));
        } else if (repair instanceof Repair.Put put) {
            boolean believed = live || !guards.contains(Guard.SECOND_LOOK);
            reach.accept(world.repairing(cell, new Repairer(put.looked(believed), null, locks)));
        } else if (repair instanceof Repair.Withdrawing withdrawing) {
            World destroyed = cut ? world : world.holding(cell, CellContent.ZEROS);
            reach.accept(destroyed.repairing(cell, new Repairer(withdrawing.destroyed(), null, locks)));
        } else if (locks) {
            reach.accept(world.repairing(cell, new Repairer(repair, null, false)));
        }
    }

    private static CellContent seen(World world, int cell) {
        return world.cut().has(cell) ? CellContent.UNKNOWN : world.cells().get(cell);
    }

    private static void events(World world, Consumer<World> reach) {
        Faults left = world.faults();
        for (int cell = 0; cell < 3; cell++) {
            if (world.cells().get(cell) == CellContent.ZEROS) {
                // However long its two minutes are, a process may be stalled for longer.
                reach.accept(world.holding(cell, CellContent.NOTHING));
            }
            if (left.restarts() > 0) {
                World restarted = world.holding(cell, CellContent.NOTHING)
                        .after(world.cut(), new Faults(left.restarts() - 1, left.cuts(), left.lostLocks()));
                boolean busy = world.repairers()
                        .get(cell)
                        .filter(at -> !(at.repair() instanceof Repair.Ended))
                        .isPresent();
                reach.accept(
                        busy ? restarted : restarted.repairing(cell, new Repairer(new Repair.Begun(), null, false)));
            }
            if (world.cut().has(cell)) {
                reach.accept(world.after(new CellSet(world.cut().bits() & ~(1 << cell)), left));
            } else if (left.cuts() > 0) {
                reach.accept(world.after(
                        world.cut().with(cell), new Faults(left.restarts(), left.cuts() - 1, left.lostLocks())));
            }
            Optional<Repairer> at = world.repairers().get(cell).filter(Repairer::locks);
            if (left.lostLocks() > 0 && at.isPresent()) {
                reach.accept(world.repairing(
                                cell, new Repairer(at.get().repair(), at.get().first(), false))
                        .after(world.cut(), new Faults(left.restarts(), left.cuts(), left.lostLocks() - 1)));
            }
        }
    }

    private static <T> List<T> replaced(List<T> list, int at, T with) {
        List<T> copy = new ArrayList<>(list);
        copy.set(at, with);
        return List.copyOf(copy);
    }
}
