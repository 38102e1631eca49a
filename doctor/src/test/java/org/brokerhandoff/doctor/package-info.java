/** Tests of the doctor. */
@NullMarked
package org.brokerhandoff.doctor;

import org.jspecify.annotations.NullMarked;
