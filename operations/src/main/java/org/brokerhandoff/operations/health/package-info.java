/**
 * Health as values: the findings of checks, and their meaning for the service.
 *
 * <p>No HTTP here, and no specific checks: a check belongs to the package of its subject.
 */
@NullMarked
package org.brokerhandoff.operations.health;

import org.jspecify.annotations.NullMarked;
