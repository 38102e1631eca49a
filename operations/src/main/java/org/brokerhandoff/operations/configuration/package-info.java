/**
 * The settings of all services, in one catalogue, and their reading from environment variables.
 *
 * <p>Pure: the environment is passed as a map, problems are returned together; {@link org.brokerhandoff.operations.configuration.StrictYaml}
 * takes the bytes of a file. Files named by a setting are opened by the module that owns their format, never here.
 */
@NullMarked
package org.brokerhandoff.operations.configuration;

import org.jspecify.annotations.NullMarked;
