package org.brokerhandoff.pages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An element of HTML or SVG with its attributes and content. Texts and values of attributes are escaped where they are written, names are
 * the caller's and have to be constants. Mutable, for one thread; not to be changed once it is part of another.
 */
public final class Element {
    private static final Set<String> VOID = Set.of("br", "hr", "img", "input", "link", "meta");

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Object> content = new ArrayList<>();

    private Element(String name) {
        this.name = name;
    }

    /** An empty element. */
    public static Element of(String name) {
        return new Element(name);
    }

    /** An element of one text. */
    public static Element of(String name, String text) {
        return new Element(name).text(text);
    }

    /** With an attribute, in place of an earlier one of the same name. */
    public Element with(String attribute, String value) {
        attributes.put(attribute, value);
        return this;
    }

    /** With an attribute whose value is a whole number. */
    public Element with(String attribute, long value) {
        return with(attribute, Long.toString(value));
    }

    /** Of a class, or of several with blanks between them. */
    public Element as(String classes) {
        return with("class", classes);
    }

    /** Adds a text. */
    public Element text(String text) {
        content.add(text);
        return this;
    }

    /** Adds elements. */
    public Element add(Element... elements) {
        return add(List.of(elements));
    }

    /** Adds elements, in their order. */
    public Element add(Collection<Element> elements) {
        content.addAll(elements);
        return this;
    }

    /** Its markup. */
    public String markup() {
        StringBuilder markup = new StringBuilder();
        writeTo(markup);
        return markup.toString();
    }

    private void writeTo(StringBuilder markup) {
        markup.append('<').append(name);
        attributes.forEach((attribute, value) -> markup.append(' ')
                .append(attribute)
                .append("=\"")
                .append(escaped(value))
                .append('"'));
        markup.append('>');
        if (VOID.contains(name)) {
            return;
        }
        for (Object part : content) {
            if (part instanceof Element element) {
                element.writeTo(markup);
            } else {
                markup.append(escaped((String) part));
            }
        }
        markup.append("</").append(name).append('>');
        if (BLOCKS.contains(name)) {
            markup.append('\n');
        }
    }

    /** A line break behind these makes the source of a page readable, and is no blank between words. */
    private static final Set<String> BLOCKS = Set.of(
            "div", "dl", "footer", "form", "h1", "h2", "h3", "header", "li", "main", "nav", "p", "section", "table",
            "tr", "ul");

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
