/**
 * Showing what a broker would get for a sample signup, without Kafka and without custody. The author of a sample invents the person in
 * it: nothing that was sealed ever comes here.
 */
@NullMarked
package org.brokerhandoff.router.explain;

import org.jspecify.annotations.NullMarked;
