/** Tests against real directories. */
@NullMarked
package org.brokerhandoff.erasure.files;

import org.jspecify.annotations.NullMarked;
