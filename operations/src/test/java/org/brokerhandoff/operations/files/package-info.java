/** Tests of durable files. */
@NullMarked
package org.brokerhandoff.operations.files;

import org.jspecify.annotations.NullMarked;
