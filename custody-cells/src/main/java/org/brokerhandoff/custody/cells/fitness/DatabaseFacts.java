package org.brokerhandoff.custody.cells.fitness;

import java.util.Map;

/**
 * What the database says of itself.
 *
 * @param settings those that {@link DatabaseRequirement} reads, as they are in this program's sessions
 * @param recovering whether it is a standby
 */
public record DatabaseFacts(Map<String, String> settings, boolean recovering) {}
