package org.brokerhandoff.custody.cells.decisions;

/**
 * How many rows there are.
 *
 * @param live with a key
 * @param restricted among them
 * @param prolonged among them
 * @param erased that wait for their purge
 */
public record RowCounts(int live, int restricted, int prolonged, int erased) {}
