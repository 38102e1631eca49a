package org.brokerhandoff.website.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a document's text as a page shows it. The text itself is plain: a line that begins with {@code # } is the title, {@code ## }
 * a heading, {@code - } an item of a list; everything else is a paragraph. Nothing of it is read as HTML.
 *
 * @param kind {@code title}, {@code heading}, {@code list} or {@code paragraph}
 * @param lines the items of a list; one line else
 */
public record DocumentBlock(String kind, List<String> lines) {
    private static final String ITEM = "- ";

    /** Copies the lines. */
    public DocumentBlock {
        lines = List.copyOf(lines);
    }

    /** The parts of a text, in order. */
    public static List<DocumentBlock> of(String text) {
        List<DocumentBlock> blocks = new ArrayList<>();
        List<String> items = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(ITEM)) {
                items.add(line.substring(ITEM.length()));
                continue;
            }
            if (!items.isEmpty()) {
                blocks.add(new DocumentBlock("list", items));
                items.clear();
            }
            if (line.startsWith("## ")) {
                blocks.add(new DocumentBlock("heading", List.of(line.substring(3))));
            } else if (line.startsWith("# ")) {
                blocks.add(new DocumentBlock("title", List.of(line.substring(2))));
            } else if (!line.isBlank()) {
                blocks.add(new DocumentBlock("paragraph", List.of(line)));
            }
        }
        if (!items.isEmpty()) {
            blocks.add(new DocumentBlock("list", items));
        }
        return blocks;
    }
}
