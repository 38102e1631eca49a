@NullMarked
package org.brokerhandoff.ingest.operator;

import org.jspecify.annotations.NullMarked;
