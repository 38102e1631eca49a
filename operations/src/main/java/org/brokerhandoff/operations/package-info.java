/**
 * Common parts of every service: configuration, health, metrics, and the HTTP endpoints that show them.
 *
 * <p>Independent of signups, topics and brokers.
 */
@NullMarked
package org.brokerhandoff.operations;

import org.jspecify.annotations.NullMarked;
