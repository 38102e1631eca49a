package org.brokerhandoff.custody.cells.rules;

import java.util.UUID;

/** Under which the cells keep the shares of a key: 122 random bits that say nothing of the signup, drawn for each hold. */
public record CellHandle(UUID random) {}
