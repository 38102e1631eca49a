/** Tests of the examination: pure judgement, a made-up host, and real mounts. */
@NullMarked
package org.brokerhandoff.custody.preflight;

import org.jspecify.annotations.NullMarked;
