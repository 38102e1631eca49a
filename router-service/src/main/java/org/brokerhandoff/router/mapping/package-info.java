/**
 * Writing a handoff in the form that a broker's {@link org.brokerhandoff.router.directory.FieldMapping} asks for. Pure: bytes come in and
 * go out.
 *
 * <p>A value of a person is never decoded and never becomes a string here: it is a slice of the bytes that were lent, and is copied from
 * there. Their lender, {@code deliver}, overwrites them.
 */
@NullMarked
package org.brokerhandoff.router.mapping;

import org.jspecify.annotations.NullMarked;
