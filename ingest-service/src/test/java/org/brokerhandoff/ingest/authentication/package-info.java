@NullMarked
package org.brokerhandoff.ingest.authentication;

import org.jspecify.annotations.NullMarked;
