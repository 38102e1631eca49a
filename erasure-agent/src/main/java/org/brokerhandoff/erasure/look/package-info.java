/**
 * What a listing of a broker's log directories says about the records that its files may hold ({@link
 * org.brokerhandoff.erasure.look.Look}), and which of it is to be reported when ({@link
 * org.brokerhandoff.erasure.look.ReportPlanner}). Pure: no disk, no clock, no Kafka.
 */
@NullMarked
package org.brokerhandoff.erasure.look;

import org.jspecify.annotations.NullMarked;
