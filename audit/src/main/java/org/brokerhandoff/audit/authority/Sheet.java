package org.brokerhandoff.audit.authority;

import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Page;

/** A document's headings, paragraphs, lists and tables, in reading order, rendered as a page and as text. */
final class Sheet {
    private final String title;
    private final List<Block> blocks = new ArrayList<>();

    private sealed interface Block {}

    private record Heading(String text) implements Block {}

    private record Paragraph(String text) implements Block {}

    private record Items(List<String> items) implements Block {}

    private record Table(String caption, List<String> heads, List<List<String>> rows) implements Block {}

    Sheet(String title) {
        this.title = title;
    }

    Sheet heading(String text) {
        blocks.add(new Heading(text));
        return this;
    }

    Sheet paragraph(String text) {
        blocks.add(new Paragraph(text));
        return this;
    }

    Sheet items(List<String> items) {
        blocks.add(new Items(items));
        return this;
    }

    /** A table; rows have as many cells as there are heads. */
    Sheet table(String caption, List<String> heads, List<List<String>> rows) {
        blocks.add(new Table(caption, heads, rows));
        return this;
    }

    String html(String language, String footer) {
        Element main = Element.of("main");
        // Content before the first heading is its own part.
        Element part = Element.of("div");
        main.add(part);
        for (Block block : blocks) {
            if (block instanceof Heading heading) {
                part = Element.of("section").add(Element.of("h2", heading.text()));
                main.add(part);
            } else {
                part.add(element(block));
            }
        }
        return new Page(language, title)
                .add(
                        Element.of("header").add(Element.of("h1", title)),
                        main,
                        Element.of("footer").add(Element.of("p", footer)))
                .html();
    }

    private static Element element(Block block) {
        if (block instanceof Items list) {
            return Element.of("ul")
                    .add(list.items().stream()
                            .map(item -> Element.of("li", item))
                            .toList());
        } else if (block instanceof Table table) {
            return Blocks.table(
                    table.caption(),
                    table.heads(),
                    table.rows().stream()
                            .map(row -> row.stream().map(Blocks::text).toList())
                            .toList());
        }
        return Element.of("p", ((Paragraph) block).text());
    }

    /** For a terminal: a row of a table becomes a paragraph of its non-empty cells. Ends with a line break. */
    String text(String footer) {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (Block block : blocks) {
            if (block instanceof Heading heading) {
                text.append('\n').append(heading.text()).append('\n');
            } else if (block instanceof Paragraph paragraph) {
                text.append("  ").append(paragraph.text()).append('\n');
            } else if (block instanceof Items list) {
                list.items().forEach(item -> text.append("  - ").append(item).append('\n'));
            } else if (block instanceof Table table) {
                table.rows().forEach(row -> row(text, table.heads(), row));
            }
        }
        return text.append('\n').append(footer).append('\n').toString();
    }

    private static void row(StringBuilder text, List<String> heads, List<String> cells) {
        text.append("  - ").append(cells.get(0)).append('\n');
        for (int i = 1; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                text.append("      ")
                        .append(heads.get(i))
                        .append(": ")
                        .append(cells.get(i))
                        .append('\n');
            }
        }
    }
}
