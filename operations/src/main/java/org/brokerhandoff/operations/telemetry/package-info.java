/**
 * The meter registry of a process. The package of a task registers its meters; no label may ever contain a signup id or personal data.
 */
@NullMarked
package org.brokerhandoff.operations.telemetry;

import org.jspecify.annotations.NullMarked;
