/**
 * The deadlines of people's requests and of purges, and how approaching and missed ones are reported.
 *
 * <p>Reads the register; decides and sends nothing.
 */
@NullMarked
package org.brokerhandoff.registerservice.deadline;

import org.jspecify.annotations.NullMarked;
