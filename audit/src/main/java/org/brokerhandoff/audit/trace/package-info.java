/** One signup's life as a time line. Pure, and without personal data: only times, enums, random ids and broker ids. */
@NullMarked
package org.brokerhandoff.audit.trace;

import org.jspecify.annotations.NullMarked;
