/**
 * Reads a broker's log directories: names, sizes, and {@code meta.properties}, which says whose they are. It opens no other file
 * and decides nothing.
 */
@NullMarked
package org.brokerhandoff.erasure.files;

import org.jspecify.annotations.NullMarked;
