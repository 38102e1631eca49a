/**
 * From a valid request to an accepted signup: reservation, custody, consent, sealed signup, in this order.
 *
 * <p>The order is essential, and each step states what a crash after it leaves. No HTTP; the person passes through as {@link
 * org.brokerhandoff.custody.PersonalData} and is wiped as soon as it is sealed.
 */
@NullMarked
package org.brokerhandoff.ingest.intake;

import org.jspecify.annotations.NullMarked;
