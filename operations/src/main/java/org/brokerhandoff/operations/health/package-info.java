/**
 * Health as values: what a check can find, and what a set of findings means for the service.
 *
 * <p>No HTTP here, and no check of a certain thing: a check belongs to the package that knows the thing.
 */
@NullMarked
package org.brokerhandoff.operations.health;

import org.jspecify.annotations.NullMarked;
