/**
 * Which broker gets a signup, when a broker takes signups, and which signups have places under its caps. Pure: it depends
 * only on the events and the JDK, so that router and auditor use the same code for decision and replay. Facts about brokers
 * that do not affect decisions do not belong here.
 */
@NullMarked
package org.brokerhandoff.routing;

import org.jspecify.annotations.NullMarked;
