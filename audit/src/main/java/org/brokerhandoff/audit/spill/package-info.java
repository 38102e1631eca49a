/**
 * External sorting for data that exceeds memory. An edge: it knows bytes and their order, not their meaning.
 */
@NullMarked
package org.brokerhandoff.audit.spill;

import org.jspecify.annotations.NullMarked;
