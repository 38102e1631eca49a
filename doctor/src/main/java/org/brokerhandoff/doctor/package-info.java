/**
 * {@code ./handoff doctor}: everything that can be wrong with a configured installation before it is noticed, and what to do about it.
 *
 * <p>Looks only: no topic, setting or file of an installation is changed. What must not live here: a rule. Each check asks the code that
 * the services themselves start with.
 */
@NullMarked
package org.brokerhandoff.doctor;

import org.jspecify.annotations.NullMarked;
