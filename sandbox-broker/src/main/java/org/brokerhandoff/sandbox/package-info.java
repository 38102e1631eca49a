/**
 * A broker for developers, the quickstart, tests and benchmarks: the receiving side of the handoff contract, with every misbehaviour on
 * demand.
 *
 * <p>Must not contain: anything of a service of this system. The broker is the other party, so it checks signatures and bodies with its own
 * code; sharing the router's would let both be wrong together. It stores no personal data either: a person is forgotten when the request is
 * answered.
 */
@NullMarked
package org.brokerhandoff.sandbox;

import org.jspecify.annotations.NullMarked;
