/**
 * What holds for people by their country of residence: minimum age, deadlines for their requests, recipients that get nothing. Pure, so that
 * the services that go by the rules and the auditor who computes them again do it with the same code.
 *
 * <p>What must not live here: files, HTTP and Kafka.
 */
@NullMarked
package org.brokerhandoff.country;

import org.jspecify.annotations.NullMarked;
