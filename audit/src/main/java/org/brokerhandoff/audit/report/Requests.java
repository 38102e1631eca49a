package org.brokerhandoff.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.verify.Standing.State;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** Withdrawals, people's requests and requests for disclosure: numbers and progress. */
final class Requests {
    private final Figures figures;
    private final Wording words;
    private final Annex annex;

    Requests(Figures figures, Wording words, Annex annex) {
        this.figures = figures;
        this.words = words;
        this.annex = annex;
    }

    Element section() {
        List<List<Element>> rows = new ArrayList<>();
        Ids none = new Ids();
        String beforeTitle = words.of("report.withdrawn.before");
        rows.add(List.of(
                Blocks.text(beforeTitle),
                annex.number(figures.withdrawnBefore, beforeTitle),
                annex.number(figures.withdrawnBefore, beforeTitle),
                annex.number(none, beforeTitle),
                annex.number(none, beforeTitle),
                annex.number(none, beforeTitle),
                Blocks.text("–")));
        rows.add(row(words.of("report.withdrawn.after"), figures.withdrawnAfter, false));
        for (RightsType type : RightsType.values()) {
            rows.add(row(
                    words.of(type),
                    Optional.ofNullable(figures.requests.get(type)).orElseGet(Figures.Matters::new),
                    true));
        }
        rows.add(row(words.of("report.disclosures"), figures.disclosures, false));
        return Element.of("section")
                .with("id", "requests")
                .add(
                        Element.of("h2", words.of("report.requests")),
                        Element.of("p", words.of("report.requests.what")).as("note"),
                        Blocks.table(
                                words.of("report.requests"),
                                List.of(
                                        words.of("report.request"),
                                        words.of("count"),
                                        words.of("report.request.done"),
                                        words.of("report.request.refused"),
                                        words.of("report.request.open"),
                                        words.of("report.request.escalated"),
                                        words.of("report.request.overdue")),
                                rows));
    }

    private List<Element> row(String name, Figures.Matters matters, boolean due) {
        return List.of(
                Blocks.text(name),
                annex.number(matters.all, name),
                annex.number(matters.in(State.DONE), name + ", " + words.of("report.request.done")),
                annex.number(matters.in(State.REFUSED), name + ", " + words.of("report.request.refused")),
                annex.number(matters.in(State.OPEN), name + ", " + words.of("report.request.open")),
                marked(Mood.WATCH, matters.in(State.ESCALATED), name + ", " + words.of("report.request.escalated")),
                due
                        ? marked(Mood.BAD, matters.overdue, name + ", " + words.of("report.request.overdue"))
                        : Blocks.text("–"));
    }

    private Element marked(Mood mood, Ids ids, String title) {
        Element number = annex.number(ids, title);
        return ids.count() == 0 ? number : Blocks.badge(mood, "").add(number);
    }
}
