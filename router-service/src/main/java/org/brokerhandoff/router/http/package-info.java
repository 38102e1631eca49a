/** The router's edge to brokers over HTTP, on Vert.x. The meaning of replies is not decided here. */
@NullMarked
package org.brokerhandoff.router.http;

import org.jspecify.annotations.NullMarked;
