/**
 * Reads files that contain a secret: refused if readable by others than the service. And digests under a secret.
 *
 * <p>The only such check. The package that reads a file knows its meaning.
 */
@NullMarked
package org.brokerhandoff.operations.secrets;

import org.jspecify.annotations.NullMarked;
