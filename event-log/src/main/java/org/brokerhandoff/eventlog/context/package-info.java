/**
 * Which records of the kept topics the events of one signup refer to without naming their places: what evidence of the signup has besides, so
 * that its events can be judged by who has nothing but the file. Pure; reading and proving the records is for those who make evidence.
 */
@NullMarked
package org.brokerhandoff.eventlog.context;

import org.jspecify.annotations.NullMarked;
