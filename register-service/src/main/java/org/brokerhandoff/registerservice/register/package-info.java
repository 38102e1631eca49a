/** The register, as it is asked who has to be told of a withdrawal. No decisions here. */
@NullMarked
package org.brokerhandoff.registerservice.register;

import org.jspecify.annotations.NullMarked;
