/**
 * What every service needs beside its task: configuration, health, metrics, and the HTTP endpoints that show them.
 *
 * <p>Nothing here knows a signup, a topic or a broker.
 */
@NullMarked
package org.brokerhandoff.operations;

import org.jspecify.annotations.NullMarked;
