/** Tests of the brokers themselves. */
@NullMarked
package org.brokerhandoff.embeddedkafka;

import org.jspecify.annotations.NullMarked;
