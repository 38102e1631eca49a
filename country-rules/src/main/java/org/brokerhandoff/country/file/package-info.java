/**
 * {@code countries.yaml}: how the rules per country are read, and how a service comes to go by a changed file.
 *
 * <p>What must not live here: what the rules mean.
 */
@NullMarked
package org.brokerhandoff.country.file;

import org.jspecify.annotations.NullMarked;
