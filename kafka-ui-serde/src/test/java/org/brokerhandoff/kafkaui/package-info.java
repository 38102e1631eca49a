@NullMarked
package org.brokerhandoff.kafkaui;

import org.jspecify.annotations.NullMarked;
