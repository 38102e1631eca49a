/**
 * The agent beside one Kafka broker: looks at the names and sizes of its files and publishes what they may still hold. Wiring,
 * the loop and the command live here; what a listing means and what is worth reporting is decided in {@code look}, the disk is
 * read in {@code files}.
 *
 * <p>Nothing here opens a file of records, and nothing here needs the right to.
 */
@NullMarked
package org.brokerhandoff.erasure;

import org.jspecify.annotations.NullMarked;
