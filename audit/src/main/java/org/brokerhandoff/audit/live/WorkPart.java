package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** The open work, by deadline, and the form to filter it. */
final class WorkPart {
    private static final int MOST_ROWS = 100;

    private final Reader reader;
    private final Wording words;

    WorkPart(Reader reader) {
        this.reader = reader;
        this.words = reader.words();
    }

    Element section(LiveView view, WorkFilter filter) {
        return Element.of("section")
                .with("id", "work")
                .add(
                        Element.of("h2", words.of("live.work")),
                        choice(view, filter),
                        list(view, filter).with("id", "worklist").with("data-live", ""));
    }

    private Element list(LiveView view, WorkFilter filter) {
        List<Work> shown = filter.of(view.work(), view.asOf());
        Element list = Element.of("div");
        if (shown.isEmpty()) {
            list.add(Element.of(
                    "p", words.of(view.workInAll() == 0 ? "live.work.nothing" : "live.work.nothing-of-this")));
        } else {
            list.add(Blocks.table(
                    words.of("live.work"),
                    List.of(
                            words.of("live.work.due"),
                            words.of("report.request"),
                            words.of("live.work.owed-by"),
                            words.of("signup"),
                            words.of("live.work.since")),
                    shown.stream()
                            .limit(MOST_ROWS)
                            .map(each -> row(each, view.asOf()))
                            .toList()));
        }
        int rows = Math.min(MOST_ROWS, shown.size());
        return list.add(Element.of(
                        "p",
                        words.counted("live.work.shown", view.workInAll(), words.number(rows))
                                + (shown.size() > rows ? "; " + words.of("live.work.narrow") : "."))
                .as("note"));
    }

    private Element choice(LiveView view, WorkFilter filter) {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("", words.of("live.kind.all"));
        for (Work.Kind kind : Work.Kind.values()) {
            kinds.put(WorkFilter.value(kind), words.of(kind));
        }
        Map<String, String> times = new LinkedHashMap<>();
        for (WorkFilter.Due due : WorkFilter.Due.values()) {
            times.put(due == WorkFilter.Due.ANY ? "" : WorkFilter.value(due), words.of(due));
        }
        Map<String, String> brokers = new LinkedHashMap<>();
        brokers.put("", words.of("live.anyRecipient"));
        view.brokers()
                .forEach(broker -> brokers.put(
                        broker.published().getId(), broker.published().getName()));
        filter.broker().ifPresent(id -> brokers.putIfAbsent(id, id));
        return Element.of("form")
                .as("ask")
                .with("method", "get")
                .with("action", "/#work")
                .add(reader.field())
                .add(
                        Blocks.select(
                                "kind",
                                words.of("live.choose.kind"),
                                kinds,
                                filter.kind().map(WorkFilter::value).orElse("")),
                        Blocks.select(
                                "due",
                                words.of("live.work.due"),
                                times,
                                filter.due() == WorkFilter.Due.ANY ? "" : WorkFilter.value(filter.due())),
                        Blocks.select(
                                "broker",
                                words.of("live.work.owed-by"),
                                brokers,
                                filter.broker().orElse("")),
                        Element.of("button", words.of("live.apply")).with("type", "submit"));
    }

    private List<Element> row(Work work, Instant now) {
        return List.of(
                due(work, now),
                Element.of("span")
                        .text(words.of(
                                "live.matter." + work.kind(),
                                words.of(work.what()).toLowerCase(Locale.ROOT)))
                        .add(
                                work.escalated()
                                        ? List.of(
                                                Blocks.text(" "), Blocks.badge(Mood.WATCH, words.of("live.escalated")))
                                        : List.of()),
                Blocks.text(work.broker().orElse(words.of("live.operator"))),
                Blocks.link(
                                reader.link("/signup?id=" + work.signupId()),
                                work.signupId().toString())
                        .as("id"),
                Blocks.text(words.time(work.since())));
    }

    private Element due(Work work, Instant now) {
        if (work.due().isEmpty()) {
            return Blocks.text(words.of("live.due.none"));
        }
        Duration left = Duration.between(now, work.due().get());
        if (left.isNegative()) {
            return Blocks.badge(Mood.BAD, words.of("report.held.over", words.duration(left.negated())));
        }
        String in = words.of("live.due.in", words.duration(left));
        return left.compareTo(Duration.ofDays(1)) < 0 ? Blocks.badge(Mood.WATCH, in) : Blocks.text(in);
    }
}
