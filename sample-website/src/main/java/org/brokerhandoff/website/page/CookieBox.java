package org.brokerhandoff.website.page;

/**
 * A kind of cookies with its box to tick.
 *
 * @param accepted whether it is ticked
 */
public record CookieBox(String id, String name, String hint, boolean accepted) {}
