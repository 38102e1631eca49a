/**
 * Looking for people in files: whether anything that was written holds a person's data, in any of the forms in which data ends up
 * on disk by accident. Used as a control of the promise, so it proves first that it can find.
 */
@NullMarked
package org.brokerhandoff.audit.search;

import org.jspecify.annotations.NullMarked;
