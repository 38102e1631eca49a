/** The description of the interface as tests read it, and requests made from it that ought to be refused. Holds no test of its own. */
@org.jspecify.annotations.NullMarked
package org.brokerhandoff.ingest.fuzz;
