/**
 * Measuring and breaking: load with CPU per signup, {@code kill -9} runs, JMH for the pieces. Everything runs against real processes
 * on this machine and nothing else.
 */
@NullMarked
package org.brokerhandoff.bench;

import org.jspecify.annotations.NullMarked;
