/** The ingest service as the backend calls it, with its API key. */
@NullMarked
package org.brokerhandoff.website.ingest;

import org.jspecify.annotations.NullMarked;
