/** Tests. */
@NullMarked
package org.brokerhandoff.website.visit;

import org.jspecify.annotations.NullMarked;
