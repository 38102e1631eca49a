/**
 * The values that the router's concepts share: a pending signup, an assignment, what is known of a signup's history. Records and
 * sealed types over the JDK and the events' enumerations; no Kafka, no HTTP, no clock.
 */
@NullMarked
package org.brokerhandoff.router.domain;

import org.jspecify.annotations.NullMarked;
