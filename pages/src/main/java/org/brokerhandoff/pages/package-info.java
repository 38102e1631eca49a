/**
 * HTML pages for officers and brokers: {@link org.brokerhandoff.pages.Element} writes well-formed, escaped markup, {@link
 * org.brokerhandoff.pages.Page} puts it under one style, {@link org.brokerhandoff.pages.Blocks} has the parts that recur and {@link
 * org.brokerhandoff.pages.Chart} draws. Everything is a function of its arguments.
 *
 * <p>What must not live here: what a page says. No library, no HTTP, no file but the style sheet and the script that renews.
 */
@NullMarked
package org.brokerhandoff.pages;

import org.jspecify.annotations.NullMarked;
