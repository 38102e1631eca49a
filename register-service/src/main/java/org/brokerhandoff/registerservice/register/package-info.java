/** The register as the source of who must be notified of a withdrawal. No decisions here. */
@NullMarked
package org.brokerhandoff.registerservice.register;

import org.jspecify.annotations.NullMarked;
