package org.brokerhandoff.audit.report;

import java.util.List;
import java.util.Map;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.event.CanaryVerdict;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** Results of retention canaries: invented people who were searched for after their purge. */
final class Canaries {
    private final Map<CanaryVerdict, Ids> canaries;
    private final Wording words;
    private final Annex annex;

    Canaries(Figures figures, Wording words, Annex annex) {
        this.canaries = figures.canaries;
        this.words = words;
        this.annex = annex;
    }

    Element section() {
        Element section = Element.of("section")
                .with("id", "canaries")
                .add(
                        Element.of("h2", words.of("report.canaries")),
                        Element.of("p", words.of("report.canaries.what")).as("note"));
        if (canaries.isEmpty()) {
            return section.add(Element.of("p", words.of("report.canaries.none")));
        }
        return section.add(Blocks.table(
                words.of("report.canaries"),
                List.of(words.of("report.canaries.verdict"), words.of("count")),
                canaries.entrySet().stream()
                        .map(each -> List.of(
                                Blocks.badge(mood(each.getKey()), words.of(each.getKey())),
                                annex.number(
                                        each.getValue(), words.of("report.canaries") + ", " + words.of(each.getKey()))))
                        .toList()));
    }

    private static Mood mood(CanaryVerdict verdict) {
        return switch (verdict) {
            case CLEAN -> Mood.GOOD;
            case FOUND, NOT_PURGED -> Mood.BAD;
            case CANNOT_TELL -> Mood.WATCH;
        };
    }
}
