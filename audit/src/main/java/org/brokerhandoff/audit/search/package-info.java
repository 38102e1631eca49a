/**
 * Search for people in files: whether any file contains a person's data, in any of the forms in which data is accidentally written to disk.
 * Used as a control of the promise, so it first proves that it can find.
 */
@NullMarked
package org.brokerhandoff.audit.search;

import org.jspecify.annotations.NullMarked;
