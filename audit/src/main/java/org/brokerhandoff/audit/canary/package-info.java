/**
 * The retention canary: an invented person is sent through the running system to a broker under test, and searched for after its purge. It
 * talks to ingest as a website does, and reads Kafka; the only record it writes is {@code CanaryChecked}. Knows no service's code, no key of
 * custody, and no real person.
 */
@NullMarked
package org.brokerhandoff.audit.canary;

import org.jspecify.annotations.NullMarked;
