/**
 * Reading files that hold a secret: refused if others than the service may read them.
 *
 * <p>The one check for all of them. What a file means is known to the package that reads it.
 */
@NullMarked
package org.brokerhandoff.operations.secrets;

import org.jspecify.annotations.NullMarked;
