/**
 * What is decided about a key that cells hold: pure functions from a row and a command to another row and an outcome, and the orders in which
 * keys are held, destroyed and repaired as state machines that say what is to be done next. The model of erasure, repair and restart
 * explores these same functions.
 *
 * <p>What must not live here: SQL, connections, key bytes, clocks.
 */
@NullMarked
package org.brokerhandoff.custody.cells.rules;

import org.jspecify.annotations.NullMarked;
