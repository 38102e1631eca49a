/** Tests of the check that secret files are private. */
@NullMarked
package org.brokerhandoff.operations.secrets;

import org.jspecify.annotations.NullMarked;
