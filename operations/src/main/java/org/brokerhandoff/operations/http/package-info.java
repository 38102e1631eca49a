/**
 * Health and metrics over HTTP, and the form in which every service reports an error to an HTTP client.
 *
 * <p>No endpoint of a service's own task belongs here.
 */
@NullMarked
package org.brokerhandoff.operations.http;

import org.jspecify.annotations.NullMarked;
