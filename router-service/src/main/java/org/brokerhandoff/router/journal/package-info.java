/**
 * Reading back what this router, or its predecessor, has recorded: the histories of unfinished signups.
 *
 * <p>The reading is bounded: an assignment is always appended after its signup, and both topics carry the brokers' clock, so
 * nothing older than the first unfinished signup has to be read.
 */
@NullMarked
package org.brokerhandoff.router.journal;

import org.jspecify.annotations.NullMarked;
