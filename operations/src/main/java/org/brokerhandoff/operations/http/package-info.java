/**
 * Health and metrics over HTTP, and the form in which every service reports an error to an HTTP client.
 *
 * <p>Service-specific endpoints do not belong here.
 */
@NullMarked
package org.brokerhandoff.operations.http;

import org.jspecify.annotations.NullMarked;
