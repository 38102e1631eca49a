/**
 * The report of an audit for people: figures gathered while the log is read, and the page that shows them beside the verdict.
 *
 * <p>Figures are counts and a few ids behind each, so that their size does not depend on the log's. What must not live here: Kafka, and
 * judgement of the log, which is {@code verify}'s.
 */
@NullMarked
package org.brokerhandoff.audit.report;

import org.jspecify.annotations.NullMarked;
