package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;
import org.brokerhandoff.pages.Page;

/** The officers' page: tiles, work, recipients, machines. Parts that change have ids, by which a script refreshes them. */
final class LivePages {
    static final String SCRIPT = "/live.js";

    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Reader reader;
    private final Wording words;

    LivePages(Reader reader) {
        this.reader = reader;
        this.words = reader.words();
    }

    /** The whole page. */
    String overview(LiveView view, LiveView.Progress progress, Optional<Replicas> replicas, WorkFilter filter) {
        return page(
                words.of("live.title"),
                "/" + filter.query(),
                progress(view, progress),
                tiles(view),
                lookup(),
                new WorkPart(reader).section(view, filter),
                brokers(view),
                machines(view, replicas));
    }

    /** An error page for people; {@code code} is the fault's, as programs get it. */
    String error(int status, String code, Object... values) {
        String what = words.of("live.error." + code, values);
        return page(
                words.of("live.title.error", what),
                "/",
                Blocks.verdict(
                        Mood.WATCH,
                        what,
                        List.of(
                                Element.of("p", words.of("live.error." + code + ".todo")),
                                Element.of("p", words.of("live.error.status", status))
                                        .as("note"))),
                Element.of("p").add(Blocks.link(reader.link("/"), words.of("live.to-overview"))));
    }

    /** A page with the common frame; {@code address} is its own, without the language. */
    String page(String title, String address, Element... parts) {
        return new Page(words.language(), title)
                .withScript(SCRIPT)
                .add(
                        Blocks.link("#main", words.of("report.skip")).as("skip"),
                        Element.of("header")
                                .add(Element.of("p", words.of("live.kicker")).as("kicker"), Element.of("h1", title)),
                        Element.of("main").with("id", "main").add(parts),
                        Element.of("footer")
                                .add(
                                        Element.of("p", words.of("live.footer")),
                                        Element.of("p").add(reader.others(address))))
                .html();
    }

    private static Element live(String id, Element part) {
        return part.with("id", id).with("data-live", "");
    }

    private Element progress(LiveView view, LiveView.Progress progress) {
        Mood mood = Mood.GOOD;
        String headline = words.of("live.up-to-date");
        List<Element> under = new ArrayList<>();
        if (progress.failure().isPresent()) {
            mood = Mood.BAD;
            headline = words.of("live.unreadable");
            under.add(Element.of("p", progress.failure().get()).with("lang", "en"));
        } else if (!progress.caughtUp()) {
            mood = Mood.WATCH;
            headline = words.of("live.reading");
        } else if (progress.behind() > 0) {
            headline = words.counted("live.behind", progress.behind());
        }
        String read = words.counted("live.read", progress.read(), words.number(progress.behind()));
        String newest = progress.lastAppendedAt()
                .map(at -> "; " + words.of("live.newest", words.time(at)))
                .orElse("");
        under.add(Element.of("p", read + newest + ". " + words.of("live.as-of", words.time(view.asOf()))));
        return live("progress", Blocks.verdict(mood, headline, under));
    }

    private Element tiles(LiveView view) {
        return live(
                "tiles",
                Blocks.tiles(List.of(
                        Blocks.tile(
                                Mood.PLAIN,
                                words.of("report.held"),
                                Blocks.text(words.number(view.held())),
                                words.of("live.tile.held")),
                        Blocks.tile(
                                Mood.PLAIN,
                                words.of("live.oldest"),
                                view.oldest()
                                        .map(held -> Blocks.link(
                                                reader.link("/signup?id=" + held.signupId()),
                                                words.duration(view.age().orElse(Duration.ZERO))))
                                        .orElseGet(() -> Blocks.text("–")),
                                view.oldest()
                                        .map(held -> words.of("live.tile.promised", words.time(held.eraseBy()))
                                                + (held.kept()
                                                        ? ", " + words.of("live.tile.kept", words.time(held.due()))
                                                        : ""))
                                        .orElse(words.of("live.tile.nothing"))),
                        Blocks.tile(
                                view.overdue() > 0 ? Mood.BAD : Mood.GOOD,
                                words.of("report.request.overdue"),
                                Blocks.text(words.number(view.overdue())),
                                words.of("live.tile.overdue")),
                        Blocks.tile(
                                view.escalated() > 0 ? Mood.WATCH : Mood.GOOD,
                                words.of("report.request.escalated"),
                                view.escalated() > 0
                                        ? Blocks.link(
                                                reader.link("/?due=escalated#work"), words.number(view.escalated()))
                                        : Blocks.text("0"),
                                words.of("live.tile.escalated")))));
    }

    /** The search box for an id. */
    Element lookup() {
        return Element.of("section")
                .add(
                        Element.of("h2", words.of("live.one")),
                        Blocks.signupLookup(words.of("live.signup-id"), words.of("live.show"))
                                .add(reader.field()));
    }

    private Element brokers(LiveView view) {
        Element section = Element.of("section")
                .with("id", "brokers")
                .add(
                        Element.of("h2", words.of("live.brokers")),
                        Element.of("p", words.of("live.brokers.what")).as("note"));
        if (view.brokers().isEmpty()) {
            return section.add(Element.of("p", words.of("live.brokers.none")));
        }
        return section.add(live(
                "brokerlist",
                Element.of("div")
                        .add(Blocks.table(
                                words.of("report.recipients"),
                                List.of(
                                        words.of("recipient"),
                                        words.of("live.check.contract"),
                                        words.of("live.check.signature"),
                                        words.of("live.check.notices"),
                                        words.of("live.check.ping"),
                                        words.of("live.check.hours"),
                                        words.of("report.agreement")),
                                view.brokers().stream()
                                        .map(broker -> row(broker, view.asOf()))
                                        .toList()))));
    }

    private List<Element> row(BrokerState broker, Instant now) {
        PublishedBroker published = broker.published();
        List<Element> cells = new ArrayList<>();
        cells.add(Element.of("span")
                .text(published.getName())
                .add(Element.of("br"), Blocks.code(published.getId()).as("note")));
        new GoLive(words)
                .of(broker, now)
                .forEach(check -> cells.add(Element.of("span")
                        .add(
                                Blocks.badge(check.mood(), check.word()),
                                Element.of("br"),
                                Element.of("span", check.detail()).as("note"))));
        return cells;
    }

    private Element machines(LiveView view, Optional<Replicas> replicas) {
        Element list = Element.of("div");
        Map<String, Element> facts = new LinkedHashMap<>();
        replicas.ifPresent(found -> facts.put(
                words.of("live.replicas"),
                Element.of("span")
                        .add(Blocks.badge(
                                found.missing() == 0 ? Mood.GOOD : Mood.BAD,
                                found.missing() == 0
                                        ? words.of("live.replicas.in-sync")
                                        : words.counted("live.replicas.missing", found.missing())))
                        .text(" "
                                + words.counted(
                                        "live.replicas.of",
                                        found.partitions(),
                                        found.fewest(),
                                        found.most(),
                                        words.time(found.at())))));
        view.custody()
                .forEach((service, level) -> facts.put(
                        words.of("live.keys-of", service.toLowerCase(Locale.ROOT)),
                        Blocks.text(words.of("live.keys.level", words.of(level)))));
        view.agents().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(agent ->
                        facts.put(words.of("live.agent-of", agent.getKey()), agent(agent.getValue(), view.asOf())));
        if (view.agents().isEmpty()) {
            facts.put(words.of("live.agents"), Blocks.text(words.of("live.agents.none")));
        }
        return Element.of("section")
                .with("id", "machines")
                .add(Element.of("h2", words.of("live.machines")), live("machinelist", list.add(Blocks.facts(facts))));
    }

    private Element agent(Instant last, Instant now) {
        Duration ago = Duration.between(last, now);
        boolean fresh = ago.compareTo(FRESH) < 0;
        return Element.of("span")
                .add(Blocks.badge(
                        fresh ? Mood.GOOD : Mood.WATCH, words.of(fresh ? "live.agent.reports" : "live.agent.silent")))
                .text(" " + words.of("live.agent.last", words.duration(ago.isNegative() ? Duration.ZERO : ago)));
    }
}
