/** Tests of what is read of publications. */
@NullMarked
package org.brokerhandoff.ingest.published;

import org.jspecify.annotations.NullMarked;
