/**
 * Invented people to sign up: deterministic by number, plausible, unique, with e-mail addresses in domains
 * reserved for examples. Their uniqueness is what makes it possible to search files for them afterwards.
 *
 * <p>What must not live here: anything a service needs, and any real person.
 */
@NullMarked
package org.brokerhandoff.quickstart.sample;

import org.jspecify.annotations.NullMarked;
