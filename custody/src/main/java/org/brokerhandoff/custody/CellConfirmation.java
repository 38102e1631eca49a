package org.brokerhandoff.custody;

/**
 * A memory cell's word that it has overwritten its share of a key, and read zeros back.
 *
 * @param roster which three cells it is one of
 * @param cell its number among them, from 0
 * @param runId of its engine: 40 hexadecimal digits, other ones at every start
 */
public record CellConfirmation(int roster, int cell, String runId) {}
