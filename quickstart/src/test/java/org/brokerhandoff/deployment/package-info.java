/** Tests of the files in the folder deployment: manifests, units and dashboards. */
@NullMarked
package org.brokerhandoff.deployment;

import org.jspecify.annotations.NullMarked;
