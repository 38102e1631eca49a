/** What a run came to, as text for people and JSON for machines. Pure: numbers in, text out. */
@NullMarked
package org.brokerhandoff.quickstart.report;

import org.jspecify.annotations.NullMarked;
