package org.brokerhandoff.audit.report;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;

/** The ids behind the numbers of one page. Each number links to its ids, which are at the end. Not thread-safe. */
final class Annex {
    private final Wording words;
    private final IdentityHashMap<Ids, String> anchors = new IdentityHashMap<>();
    private final Map<String, Element> sets = new LinkedHashMap<>();

    Annex(Wording words) {
        this.words = words;
    }

    /**
     * A number, linked to the ids behind it, if there are any.
     *
     * @param title what they have in common
     */
    Element number(Ids ids, String title) {
        String shown = words.number(ids.count());
        return ids.count() == 0
                ? Blocks.text(shown)
                : Blocks.link(target(ids, title), shown).with("aria-label", title + ": " + shown);
    }

    /** The anchor of these ids, such as {@code #ids-7}; empty if there are none. */
    String target(Ids ids, String title) {
        if (ids.count() == 0) {
            return "";
        }
        return "#"
                + anchors.computeIfAbsent(ids, unused -> {
                    String anchor = "ids-" + (anchors.size() + 1);
                    sets.put(anchor, set(anchor, ids, title));
                    return anchor;
                });
    }

    private Element set(String anchor, Ids ids, String title) {
        List<UUID> named = ids.named();
        Element list = Element.of("ul").as("ids");
        named.forEach(id -> list.add(Element.of("li").add(Blocks.code(id.toString()))));
        Element set = Element.of("div")
                .as("idset")
                .with("id", anchor)
                .add(Element.of("h3", title + ": " + words.number(ids.count())), list);
        long more = ids.count() - named.size();
        return more == 0
                ? set
                : set.add(Element.of("p", words.counted("report.more", more)).as("note"));
    }

    /** All of them, in order of request. */
    Element section() {
        return Element.of("section")
                .with("id", "ids")
                .add(
                        Element.of("h2", words.of("report.ids")),
                        Element.of("p", words.of("report.ids.what")).as("note"))
                .add(sets.values());
    }
}
