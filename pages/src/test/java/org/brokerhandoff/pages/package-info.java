@NullMarked
package org.brokerhandoff.pages;

import org.jspecify.annotations.NullMarked;
