/** The register, as the router asks it who has to be told of a withdrawal. No decisions here. */
@NullMarked
package org.brokerhandoff.router.register;

import org.jspecify.annotations.NullMarked;
