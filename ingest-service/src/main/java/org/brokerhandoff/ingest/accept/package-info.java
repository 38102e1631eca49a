/**
 * From the bytes of a request to validated values, or to the list of everything that is wrong with it.
 *
 * <p>Pure: no clock, no network, no log. The only package that sees personal data in clear; it leaves as {@link
 * org.brokerhandoff.custody.PersonalData} and never as part of a fault.
 */
@NullMarked
package org.brokerhandoff.ingest.accept;

import org.jspecify.annotations.NullMarked;
