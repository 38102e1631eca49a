package org.brokerhandoff.custody.cells.fitness;

/**
 * One requirement that a cell does not meet.
 *
 * @param found what the engine says instead
 */
public record CellFinding(CellRequirement requirement, String found) {
    @Override
    public String toString() {
        return requirement.label() + ": " + found;
    }
}
