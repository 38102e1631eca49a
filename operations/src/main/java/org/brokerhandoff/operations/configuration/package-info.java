/**
 * The settings of all services, in one catalogue, and their reading from environment variables.
 *
 * <p>Pure: the environment comes in as a map, problems come out together; {@link
 * org.brokerhandoff.operations.configuration.StrictYaml} takes the bytes of a file. Files that a setting names are opened by
 * the module that owns their format, never here.
 */
@NullMarked
package org.brokerhandoff.operations.configuration;

import org.jspecify.annotations.NullMarked;
