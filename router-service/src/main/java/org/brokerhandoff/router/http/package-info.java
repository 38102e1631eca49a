/** The router's edge to brokers over HTTP, on Vert.x. Nothing is decided here about what a reply means. */
@NullMarked
package org.brokerhandoff.router.http;

import org.jspecify.annotations.NullMarked;
