package org.brokerhandoff.custody.cells.fitness;

/** One requirement that the database does not meet. */
public record DatabaseFinding(DatabaseRequirement requirement, String found) {
    @Override
    public String toString() {
        return requirement.label() + ": " + found;
    }
}
