/** The website's HTTP server: routes, security headers, cookies, protection against forged requests. */
@NullMarked
package org.brokerhandoff.website.http;

import org.jspecify.annotations.NullMarked;
