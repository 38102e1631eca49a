/**
 * Which broker gets a signup, when a broker takes signups, and who has a place under its caps. Pure: it depends on nothing but the
 * events and the JDK, so that the router that decides and the auditor that decides again do it with the same code. What a broker is
 * like, beyond what decisions rest on, is not known here.
 */
@NullMarked
package org.brokerhandoff.routing;

import org.jspecify.annotations.NullMarked;
