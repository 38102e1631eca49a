/** Tests of the launcher and of what starts JVMs beside it. */
@NullMarked
package org.brokerhandoff.launcher;

import org.jspecify.annotations.NullMarked;
