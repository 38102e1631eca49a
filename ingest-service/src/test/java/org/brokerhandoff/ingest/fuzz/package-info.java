/** The interface description as read by tests, and generated requests that must be refused. Contains no test itself. */
@org.jspecify.annotations.NullMarked
package org.brokerhandoff.ingest.fuzz;
