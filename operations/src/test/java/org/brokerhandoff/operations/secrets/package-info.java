/** Tests of the check that files with secrets are private. */
@NullMarked
package org.brokerhandoff.operations.secrets;

import org.jspecify.annotations.NullMarked;
