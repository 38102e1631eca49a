/** Tests. */
@NullMarked
package org.brokerhandoff.website.page;

import org.jspecify.annotations.NullMarked;
