/** The texts that a quickstart's operator publishes: its privacy and cookie policies. Invented; nothing is sent from here. */
@NullMarked
package org.brokerhandoff.quickstart.documents;

import org.jspecify.annotations.NullMarked;
