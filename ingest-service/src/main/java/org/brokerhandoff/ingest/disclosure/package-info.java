/**
 * Requests that data of a signup be disclosed: entered by one actor, put to the person where their consent is needed, decided by another actor.
 *
 * <p>Must not contain: HTTP, and anything that opens a seal. A granted request gets what the log says, since nothing else is held.
 */
@NullMarked
package org.brokerhandoff.ingest.disclosure;

import org.jspecify.annotations.NullMarked;
