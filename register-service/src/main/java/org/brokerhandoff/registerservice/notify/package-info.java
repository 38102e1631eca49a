/**
 * Telling brokers of withdrawals: what to do next about each notice, which is pure, and the loop that does it. By signup id alone;
 * nothing of a person comes here. HTTP, Kafka and SQL do not belong here either.
 */
@NullMarked
package org.brokerhandoff.registerservice.notify;

import org.jspecify.annotations.NullMarked;
