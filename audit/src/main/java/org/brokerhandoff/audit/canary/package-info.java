/**
 * The retention canary: an invented person goes through the running system to a broker under test, and is searched for after its purge. It
 * speaks to ingest as a website does, and to Kafka as a reader; its one record is {@code CanaryChecked}. Knows no service's code, no key of
 * custody, and no person but those that it invents.
 */
@NullMarked
package org.brokerhandoff.audit.canary;

import org.jspecify.annotations.NullMarked;
