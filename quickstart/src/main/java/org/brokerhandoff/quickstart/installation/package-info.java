/** A complete local installation in one folder: directory of brokers, secrets, API keys, the environment of the services. */
@NullMarked
package org.brokerhandoff.quickstart.installation;

import org.jspecify.annotations.NullMarked;
