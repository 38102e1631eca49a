/** Pages and their texts in both languages. Never gets what a person wrote. */
@NullMarked
package org.brokerhandoff.website.page;

import org.jspecify.annotations.NullMarked;
