/**
 * The times by which people's requests have to be answered, and what shows before they pass.
 *
 * <p>Reads the register; decides and sends nothing.
 */
@NullMarked
package org.brokerhandoff.registerservice.deadline;

import org.jspecify.annotations.NullMarked;
