/**
 * The times by which people's requests have to be answered and signups purged, and what shows before and after they pass.
 *
 * <p>Reads the register; decides and sends nothing.
 */
@NullMarked
package org.brokerhandoff.registerservice.deadline;

import org.jspecify.annotations.NullMarked;
