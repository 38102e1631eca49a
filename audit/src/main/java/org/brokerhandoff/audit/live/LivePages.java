package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;
import org.brokerhandoff.pages.Page;

/** The page that officers have open: tiles, work, recipients, machines. Parts that change have ids, by which a script renews them. */
final class LivePages {
    static final String SCRIPT = "/live.js";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MOST_ROWS = 100;
    private static final Duration FRESH = Duration.ofMinutes(5);

    private LivePages() {}

    /** The whole page. */
    static String overview(LiveView view, LiveView.Progress progress, Optional<Replicas> replicas, WorkFilter filter) {
        return page(
                "Broker handoff: overview",
                progress(view, progress),
                tiles(view),
                lookup(),
                work(view, filter),
                brokers(view),
                machines(view, replicas));
    }

    /** A page that says what went wrong, for people. */
    static String error(int status, String what, String todo) {
        return page(
                "Broker handoff: " + what,
                Blocks.verdict(
                        Mood.WATCH,
                        what,
                        List.of(
                                Element.of("p", todo),
                                Element.of("p", "Status " + status).as("note"))),
                Element.of("p").add(Blocks.link("/", "To the overview")));
    }

    static String page(String title, Element... parts) {
        return new Page("en", title)
                .withScript(SCRIPT)
                .add(
                        Blocks.link("#main", "To the content").as("skip"),
                        Element.of("header")
                                .add(
                                        Element.of("p", "From the event log, read-only, without personal data")
                                                .as("kicker"),
                                        Element.of("h1", title)),
                        Element.of("main").with("id", "main").add(parts),
                        Element.of("footer")
                                .add(Element.of(
                                        "p",
                                        "For orientation at work. What counts is the verdict of ./handoff audit verify."
                                                + " Times are UTC.")))
                .html();
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private static Element live(String id, Element part) {
        return part.with("id", id).with("data-live", "");
    }

    private static Element progress(LiveView view, LiveView.Progress progress) {
        Mood mood = Mood.GOOD;
        String headline = "Up to date";
        if (progress.failure().isPresent()) {
            mood = Mood.BAD;
            headline = "The log cannot be read: " + progress.failure().get();
        } else if (!progress.caughtUp()) {
            mood = Mood.WATCH;
            headline = "Reading the log: figures are of a part of it";
        } else if (progress.behind() > 0) {
            headline = number(progress.behind()) + (progress.behind() == 1 ? " record behind" : " records behind");
        }
        String read = number(progress.read()) + " records read, " + number(progress.behind()) + " to go";
        String newest = progress.lastAppendedAt()
                .map(at -> "; the newest was appended at " + time(at))
                .orElse("");
        return live(
                "progress",
                Blocks.verdict(
                        mood,
                        headline,
                        List.of(Element.of("p", read + newest + ". As of " + time(view.asOf()) + "."))));
    }

    private static Element tiles(LiveView view) {
        return live(
                "tiles",
                Blocks.tiles(List.of(
                        Blocks.tile(
                                Mood.PLAIN,
                                "Held now",
                                Blocks.text(number(view.held())),
                                "registrations and messages without a purge"),
                        Blocks.tile(
                                Mood.PLAIN,
                                "Oldest",
                                view.oldest()
                                        .map(held -> Blocks.link(
                                                "/signup?id=" + held.signupId(),
                                                duration(view.age().orElse(Duration.ZERO))))
                                        .orElseGet(() -> Blocks.text("–")),
                                view.oldest()
                                        .map(held -> "promised until " + time(held.eraseBy())
                                                + (held.kept() ? ", kept by order until " + time(held.due()) : ""))
                                        .orElse("nothing is held")),
                        Blocks.tile(
                                view.overdue() > 0 ? Mood.BAD : Mood.GOOD,
                                "Overdue",
                                Blocks.text(number(view.overdue())),
                                "held past the promise"),
                        Blocks.tile(
                                view.escalated() > 0 ? Mood.WATCH : Mood.GOOD,
                                "Escalated",
                                view.escalated() > 0
                                        ? Blocks.link("/?due=escalated#work", number(view.escalated()))
                                        : Blocks.text("0"),
                                "notices that somebody has to look after"))));
    }

    /** The box that takes an id. */
    static Element lookup() {
        return Element.of("section").add(Element.of("h2", "One registration"), Blocks.signupLookup("Show its life"));
    }

    private static Element work(LiveView view, WorkFilter filter) {
        List<Work> shown = filter.of(view.work(), view.asOf());
        Element list = Element.of("div");
        if (shown.isEmpty()) {
            list.add(Element.of(
                    "p", view.workInAll() == 0 ? "Nothing is owed." : "Nothing of this kind among what is owed."));
        } else {
            list.add(Blocks.table(
                    "Work by deadline",
                    List.of("Due", "Matter", "Owed by", "Signup", "Since"),
                    shown.stream()
                            .limit(MOST_ROWS)
                            .map(each -> row(each, view.asOf()))
                            .toList()));
        }
        long hidden = shown.size() - (long) Math.min(MOST_ROWS, shown.size());
        list.add(Element.of(
                        "p",
                        number(Math.min(MOST_ROWS, shown.size())) + " of " + number(view.workInAll()) + " matters shown"
                                + (hidden > 0 ? "; narrow the choice to see others." : "."))
                .as("note"));
        return Element.of("section")
                .with("id", "work")
                .add(Element.of("h2", "Work by deadline"), choice(view, filter), live("worklist", list));
    }

    private static Element choice(LiveView view, WorkFilter filter) {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("", "everything");
        kinds.put("request", "requests by people");
        kinds.put("disclosure", "requests for disclosure");
        kinds.put("notice", "notices to recipients");
        Map<String, String> times = new LinkedHashMap<>();
        times.put("", "at any time");
        times.put("overdue", "overdue");
        times.put("day", "within a day");
        times.put("week", "within a week");
        times.put("escalated", "escalated");
        Map<String, String> brokers = new LinkedHashMap<>();
        brokers.put("", "anybody");
        view.brokers()
                .forEach(broker -> brokers.put(
                        broker.published().getId(), broker.published().getName()));
        filter.broker().ifPresent(id -> brokers.putIfAbsent(id, id));
        return Element.of("form")
                .as("ask")
                .with("method", "get")
                .with("action", "/#work")
                .add(
                        Blocks.select(
                                "kind",
                                "Show",
                                kinds,
                                filter.kind().map(WorkFilter::value).orElse("")),
                        Blocks.select(
                                "due",
                                "Due",
                                times,
                                filter.due() == WorkFilter.Due.ANY ? "" : WorkFilter.value(filter.due())),
                        Blocks.select(
                                "broker", "Owed by", brokers, filter.broker().orElse("")),
                        Element.of("button", "Apply").with("type", "submit"));
    }

    private static List<Element> row(Work work, Instant now) {
        return List.of(
                due(work, now),
                Element.of("span")
                        .text(matter(work))
                        .add(
                                work.escalated()
                                        ? List.of(Blocks.text(" "), Blocks.badge(Mood.WATCH, "escalated"))
                                        : List.of()),
                Blocks.text(work.broker().orElse("operator")),
                Blocks.link("/signup?id=" + work.signupId(), work.signupId().toString())
                        .as("id"),
                Blocks.text(time(work.since())));
    }

    private static Element due(Work work, Instant now) {
        if (work.due().isEmpty()) {
            return Blocks.text("no time set");
        }
        Duration left = Duration.between(now, work.due().get());
        if (left.isNegative()) {
            return Blocks.badge(Mood.BAD, "over by " + duration(left.negated()));
        }
        return left.compareTo(Duration.ofDays(1)) < 0
                ? Blocks.badge(Mood.WATCH, "in " + duration(left))
                : Blocks.text("in " + duration(left));
    }

    static String matter(Work work) {
        String what = work.what().toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (work.kind()) {
            case REQUEST -> "request: " + what;
            case DISCLOSURE -> "disclosure: " + what;
            case NOTICE -> "notice: " + what;
        };
    }

    private static Element brokers(LiveView view) {
        Element section = Element.of("section")
                .with("id", "brokers")
                .add(
                        Element.of("h2", "Recipients: ready to go live?"),
                        Element.of("p", "From the newest directory and from what recipients did, by the log.")
                                .as("note"));
        if (view.brokers().isEmpty()) {
            return section.add(Element.of("p", "The log has no directory yet."));
        }
        return section.add(live(
                "brokerlist",
                Element.of("div")
                        .add(Blocks.table(
                                "Recipients",
                                List.of("Recipient", "Contract", "Signature", "Notices", "Ping", "Hours", "Agreement"),
                                view.brokers().stream()
                                        .map(broker -> row(broker, view.asOf()))
                                        .toList()))));
    }

    private static List<Element> row(BrokerState broker, Instant now) {
        PublishedBroker published = broker.published();
        List<Element> cells = new ArrayList<>();
        cells.add(Element.of("span")
                .text(published.getName())
                .add(Element.of("br"), Blocks.code(published.getId()).as("note")));
        GoLive.of(broker, now)
                .forEach(check -> cells.add(Element.of("span")
                        .add(
                                Blocks.badge(check.mood(), check.word()),
                                Element.of("br"),
                                Element.of("span", check.detail()).as("note"))));
        return cells;
    }

    private static Element machines(LiveView view, Optional<Replicas> replicas) {
        Element list = Element.of("div");
        Map<String, Element> facts = new LinkedHashMap<>();
        replicas.ifPresent(found -> facts.put(
                "Replicas",
                Element.of("span")
                        .add(Blocks.badge(
                                found.missing() == 0 ? Mood.GOOD : Mood.BAD,
                                found.missing() == 0
                                        ? "all in sync"
                                        : number(found.missing()) + " of the partitions short of a replica"))
                        .text(" " + number(found.partitions()) + " partitions, " + found.fewest() + " to "
                                + found.most() + " replicas, at " + time(found.at()))));
        view.custody()
                .forEach((service, level) -> facts.put(
                        "Keys of " + service.toLowerCase(Locale.ROOT),
                        Blocks.text("purges may claim up to " + level.name().toLowerCase(Locale.ROOT))));
        view.agents().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(agent ->
                        facts.put("Agent of Kafka broker " + agent.getKey(), agent(agent.getValue(), view.asOf())));
        if (view.agents().isEmpty()) {
            facts.put(
                    "Erasure agents",
                    Blocks.text("none has reported: purges claim no more than that no broker serves the record"));
        }
        return Element.of("section")
                .with("id", "machines")
                .add(Element.of("h2", "Agents and replicas"), live("machinelist", list.add(Blocks.facts(facts))));
    }

    private static Element agent(Instant last, Instant now) {
        Duration ago = Duration.between(last, now);
        boolean fresh = ago.compareTo(FRESH) < 0;
        return Element.of("span")
                .add(Blocks.badge(fresh ? Mood.GOOD : Mood.WATCH, fresh ? "reports" : "silent"))
                .text(" last look " + duration(ago.isNegative() ? Duration.ZERO : ago) + " ago");
    }

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** In its two largest units. */
    static String duration(Duration duration) {
        if (duration.toMinutes() == 0) {
            return duration.toSeconds() + " s";
        } else if (duration.toHours() == 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return duration.toDays() == 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
}
