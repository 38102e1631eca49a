@NullMarked
package org.brokerhandoff.ingest.http;

import org.jspecify.annotations.NullMarked;
