package org.brokerhandoff.pages;

import java.util.List;
import java.util.Map;

/** Parts that recur on pages. */
public final class Blocks {
    /** Signup ids, for browsers and for those who take what a browser sends. */
    public static final String SIGNUP_ID_PATTERN = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private Blocks() {}

    /** The banner at the top: what the page comes to, and what that is about. */
    public static Element verdict(Mood mood, String headline, List<Element> under) {
        return Element.of("div")
                .as("verdict " + mood.styled())
                .add(
                        sign(mood),
                        Element.of("div").add(Element.of("h2", headline)).add(under));
    }

    /** A word in a frame, with its sign. */
    public static Element badge(Mood mood, String text) {
        Element badge = Element.of("span").as("badge " + mood.styled());
        if (!mood.sign().isEmpty()) {
            badge.add(sign(mood)).text(" ");
        }
        return badge.text(text);
    }

    private static Element sign(Mood mood) {
        return Element.of("span", mood.sign()).as("sign").with("aria-hidden", "true");
    }

    /** Tiles side by side. */
    public static Element tiles(List<Element> tiles) {
        return Element.of("div").as("tiles").add(tiles);
    }

    /**
     * A number with what it counts.
     *
     * @param value the number, or a link that shows it
     * @param note less important; may be empty
     */
    public static Element tile(Mood mood, String label, Element value, String note) {
        Element tile = Element.of("div")
                .as("tile " + mood.styled())
                .add(Element.of("h3", label), Element.of("p").as("figure").add(value));
        return note.isEmpty() ? tile : tile.add(Element.of("p", note).as("note"));
    }

    /** Names and what they are, in the order of the map. */
    public static Element facts(Map<String, Element> facts) {
        Element list = Element.of("dl").as("facts");
        facts.forEach((name, value) -> list.add(
                Element.of("div").add(Element.of("dt", name), Element.of("dd").add(value))));
        return list;
    }

    /** A span of text. */
    public static Element text(String text) {
        return Element.of("span", text);
    }

    /** An id, a digest or a place, which may break anywhere. */
    public static Element code(String text) {
        return Element.of("code", text);
    }

    /** A link within the page or the site. */
    public static Element link(String target, String text) {
        return Element.of("a", text).with("href", target);
    }

    /**
     * A choice of one, with its label; its id is its name.
     *
     * @param options texts by values, in the order of the map
     * @param chosen the value that stands there at first
     */
    public static Element select(String name, String label, Map<String, String> options, String chosen) {
        return select(name, name, label, options, chosen);
    }

    /** As the other, with its own id: names recur in the forms of a page. */
    public static Element select(String id, String name, String label, Map<String, String> options, String chosen) {
        Element select = Element.of("select").with("id", id).with("name", name);
        options.forEach((value, text) -> {
            Element option = Element.of("option", text).with("value", value);
            select.add(value.equals(chosen) ? option.with("selected", "") : option);
        });
        return Element.of("div").as("field").add(Element.of("label", label).with("for", id), select);
    }

    /** A box that takes a signup's id, and leads to {@code /signup?id=ID}. */
    public static Element signupLookup(String label, String button) {
        return Element.of("form")
                .as("ask")
                .with("method", "get")
                .with("action", "/signup")
                .add(
                        Element.of("div")
                                .as("field long")
                                .add(
                                        Element.of("label", label).with("for", "id"),
                                        Element.of("input")
                                                .with("id", "id")
                                                .with("name", "id")
                                                .with("required", "")
                                                .with("autocomplete", "off")
                                                .with("spellcheck", "false")
                                                .with("maxlength", 36)
                                                .with("pattern", SIGNUP_ID_PATTERN)),
                        Element.of("button", button).with("type", "submit"));
    }

    /**
     * A table. The first cell of a row is its heading. Where the page is narrow, each row is a card whose cells stand below each other, each behind
     * the head of its column; a table that is wider than a wide page scrolls by itself. Roles are said, since cells that are no table cells to
     * the style would be none to a screen reader.
     *
     * @param caption for those who do not see the heading above it
     * @param rows of as many cells as there are heads
     */
    public static Element table(String caption, List<String> heads, List<List<Element>> rows) {
        Element headRow = Element.of("tr").with("role", "row");
        heads.forEach(
                head -> headRow.add(Element.of("th", head).with("scope", "col").with("role", "columnheader")));
        Element body = Element.of("tbody").with("role", "rowgroup");
        for (List<Element> row : rows) {
            Element line = Element.of("tr").with("role", "row");
            for (int i = 0; i < row.size(); i++) {
                Element cell = i == 0
                        ? Element.of("th").with("scope", "row").with("role", "rowheader")
                        : Element.of("td").with("role", "cell").with("data-head", heads.get(i));
                line.add(cell.add(row.get(i)));
            }
            body.add(line);
        }
        return Element.of("div")
                .as("scroll")
                .with("tabindex", "0")
                .with("role", "region")
                .with("aria-label", caption)
                .add(Element.of("table")
                        .with("role", "table")
                        .add(
                                Element.of("caption", caption),
                                Element.of("thead").with("role", "rowgroup").add(headRow),
                                body));
    }
}
