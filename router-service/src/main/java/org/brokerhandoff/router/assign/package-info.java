/**
 * Which broker gets a signup. Pure: the signup's routing facts, the consent's recipients and a directory version come in, a
 * decision with its reasons goes out; the same input gives the same decision for ever, so that an auditor can replay it.
 */
@NullMarked
package org.brokerhandoff.router.assign;

import org.jspecify.annotations.NullMarked;
