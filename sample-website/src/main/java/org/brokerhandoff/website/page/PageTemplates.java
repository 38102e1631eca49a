package org.brokerhandoff.website.page;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** The HTML of the pages. What is put in is escaped; a name that a template misses is an error. */
public final class PageTemplates {
    private final PebbleEngine engine;

    /** The templates beside this class. */
    public PageTemplates() {
        ClasspathLoader loader = new ClasspathLoader(PageTemplates.class.getClassLoader());
        loader.setPrefix("org/brokerhandoff/website/page");
        loader.setSuffix(".html");
        loader.setCharset("UTF-8");
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .strictVariables(true)
                .autoEscaping(true)
                .defaultLocale(Locale.ROOT)
                .build();
    }

    /** The page {@code name} with these values. */
    public String render(String name, Map<String, Object> values) {
        StringWriter html = new StringWriter(8 * 1024);
        try {
            engine.getTemplate(name).evaluate(html, values);
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return html.toString();
    }
}
