@NullMarked
package org.brokerhandoff.ingest.policy;

import org.jspecify.annotations.NullMarked;
