/**
 * Benchmarks and fault injection: load with CPU per signup, {@code kill -9} runs, JMH for the parts. Everything runs against real processes
 * on this machine only.
 */
@NullMarked
package org.brokerhandoff.bench;

import org.jspecify.annotations.NullMarked;
