@NullMarked
package org.brokerhandoff.audit.report;

import org.jspecify.annotations.NullMarked;
