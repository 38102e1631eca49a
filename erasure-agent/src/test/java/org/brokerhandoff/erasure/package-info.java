/** Tests of the agent against a real Kafka broker. */
@NullMarked
package org.brokerhandoff.erasure;

import org.jspecify.annotations.NullMarked;
