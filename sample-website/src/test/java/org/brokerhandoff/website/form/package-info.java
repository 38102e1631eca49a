/** Tests. */
@NullMarked
package org.brokerhandoff.website.form;

import org.jspecify.annotations.NullMarked;
