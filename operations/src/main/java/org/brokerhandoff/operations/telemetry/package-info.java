/**
 * The meter registry of a process. Meters of a service's own task are registered by the package that knows the task;
 * no label may ever carry a signup id or anything about a person.
 */
@NullMarked
package org.brokerhandoff.operations.telemetry;

import org.jspecify.annotations.NullMarked;
