@NullMarked
package org.brokerhandoff.registerservice.deadline;

import org.jspecify.annotations.NullMarked;
