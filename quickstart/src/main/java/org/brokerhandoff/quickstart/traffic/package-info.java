/** The website's side: sending signups, withdrawals and policies to ingest as a website's backend would, with repeats. */
@NullMarked
package org.brokerhandoff.quickstart.traffic;

import org.jspecify.annotations.NullMarked;
