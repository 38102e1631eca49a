/**
 * What ingest knows of a signup, its consent and a policy, as values.
 *
 * <p>JDK types only. The person is absent: their data exists only as sealed bytes.
 */
@NullMarked
package org.brokerhandoff.ingest.domain;

import org.jspecify.annotations.NullMarked;
