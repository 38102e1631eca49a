/**
 * The audit report for people: figures collected while the log is read, and the page that shows them with the verdict.
 *
 * <p>Figures are counts with a few ids each, so that their size does not depend on the log's. Must not contain: Kafka, and judgement of the
 * log, which belongs to {@code verify}.
 */
@NullMarked
package org.brokerhandoff.audit.report;

import org.jspecify.annotations.NullMarked;
