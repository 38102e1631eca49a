/**
 * Notifies brokers of withdrawals: the next step of each notice, which is pure, and the loop that executes it. By signup id alone, without
 * personal data. HTTP, Kafka and SQL do not belong here either.
 */
@NullMarked
package org.brokerhandoff.registerservice.notify;

import org.jspecify.annotations.NullMarked;
