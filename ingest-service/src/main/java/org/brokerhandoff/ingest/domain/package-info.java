/**
 * What ingest knows of a signup, its consent and a policy, as values.
 *
 * <p>JDK types only. The person is not here: their data exists as sealed bytes or not at all.
 */
@NullMarked
package org.brokerhandoff.ingest.domain;

import org.jspecify.annotations.NullMarked;
