/** Tests of the intake. */
@NullMarked
package org.brokerhandoff.ingest.intake;

import org.jspecify.annotations.NullMarked;
