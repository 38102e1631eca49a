package org.brokerhandoff.audit.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Chart;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;
import org.brokerhandoff.pages.Page;

/** The report of an audit as one page: the verdict first, then the promises, then the figures with the ids behind each. */
public final class ReportDocument {
    private final Verdict verdict;
    private final Figures figures;
    private final Optional<Checkpoint> checkpoint;
    private final Wording words;
    private final Annex annex;

    /**
     * A report of {@code verdict}.
     *
     * @param figures of the same records
     * @param checkpoint empty: there is no ledger
     */
    public ReportDocument(Verdict verdict, Figures figures, Optional<Checkpoint> checkpoint, Wording words) {
        this.verdict = verdict;
        this.figures = figures;
        this.checkpoint = checkpoint;
        this.words = words.and("org.brokerhandoff.audit.report.words");
        this.annex = new Annex(this.words);
    }

    /** The page, self-contained. */
    public String html() {
        Element main = Element.of("main")
                .with("id", "main")
                .add(headline(), facts(), tiles(), new Promises(verdict, figures, words, annex).section());
        new Findings(verdict, words).section().ifPresent(main::add);
        main.add(held(), times());
        main.add(new Canaries(figures, words, annex).section());
        main.add(new Recipients(figures, words, annex).sections());
        main.add(new Requests(figures, words, annex).section());
        main.add(notClaimed(), yourself(), annex.section());
        return new Page(words.language(), words.of("report.title"))
                .add(
                        Blocks.link("#main", words.of("report.skip")).as("skip"),
                        Element.of("header")
                                .add(
                                        Element.of(
                                                        "p",
                                                        figures.operator()
                                                                .map(operator -> operator.getName())
                                                                .orElse(words.of("report.no-operator")))
                                                .as("kicker"),
                                        Element.of("h1", words.of("report.title"))),
                        main,
                        Element.of("footer").add(Element.of("p", words.of("from-the-log", words.time(verdict.now())))))
                .html();
    }

    private Element headline() {
        boolean holds = verdict.holds();
        long broken = verdict.brokenRules().size();
        String headline = holds
                ? words.counted("report.holds", Rules.ALL.size())
                : words.counted("report.broken", broken, words.number(Rules.ALL.size()));
        Element under = Element.of("p")
                .text(words.counted(
                        "report.read",
                        verdict.counts().events(),
                        words.counted("report.read.partitions", verdict.counts().partitions())));
        figures.firstAppended()
                .ifPresent(first -> under.text(" "
                        + words.of(
                                "report.range",
                                words.time(first),
                                words.time(figures.lastAppended().orElse(first)))));
        List<Element> more = new ArrayList<>(List.of(under));
        if (!holds) {
            more.add(Element.of("p")
                    .add(Blocks.link(
                            "#findings",
                            words.counted(
                                    "report.see-findings", verdict.violations().size()))));
        }
        return Blocks.verdict(holds ? Mood.GOOD : Mood.BAD, headline, more);
    }

    private Element facts() {
        Map<String, Element> facts = new LinkedHashMap<>();
        verdict.read().ifPresent(read -> {
            facts.put(words.of("report.fact.log"), Blocks.text(log(read)));
            facts.put(words.of("report.fact.digest"), Blocks.code(read.digest()));
            facts.put(words.of("report.fact.version"), Blocks.text("broker handoff " + read.version()));
        });
        facts.put(words.of("report.fact.clock"), Blocks.text(words.time(verdict.now())));
        facts.put(
                words.of("report.fact.checkpoint"),
                checkpoint.map(this::checkpoint).orElseGet(() -> Blocks.text(words.of("report.no-checkpoint"))));
        checkpoint.ifPresent(head -> facts.put(words.of("report.fact.keys"), keys(head)));
        return Element.of("section").add(Element.of("h2", words.of("report.facts")), Blocks.facts(facts));
    }

    private String log(LogRead read) {
        return read.topicPrefix().isEmpty()
                ? words.of("report.log", read.clusterId())
                : words.of("report.log.prefix", read.clusterId(), read.topicPrefix());
    }

    private Element checkpoint(Checkpoint head) {
        return Element.of("span")
                .text(words.counted("report.checkpoint", head.size(), head.origin(), words.time(head.at())) + " ")
                .add(Blocks.code(head.root()));
    }

    private Element keys(Checkpoint head) {
        return Element.of("span")
                .add(Blocks.code(String.join(", ", head.signers())))
                .text(" ")
                .add(head.judged().map(this::judged).orElseGet(() -> Blocks.text(words.of("report.keys"))));
    }

    private Element judged(Judgement judgement) {
        if (judgement instanceof Judgement.Accepted accepted) {
            return badge(
                    accepted.level() == Judgement.Level.SIGNED ? Mood.WATCH : Mood.GOOD,
                    "report.keys.verified",
                    words.of("report.keys." + accepted.level()));
        } else if (judgement instanceof Judgement.Rejected rejected) {
            return badge(Mood.BAD, "report.keys.rejected", rejected.reason());
        }
        return badge(Mood.WATCH, "report.keys.undecided", ((Judgement.Undecided) judgement).reason());
    }

    private Element badge(Mood mood, String word, String detail) {
        return Element.of("span").add(Blocks.badge(mood, words.of(word))).text(" " + detail);
    }

    private Element tiles() {
        Ids purged = Ids.together(List.copyOf(figures.purged.values()));
        return Blocks.tiles(List.of(
                Blocks.tile(
                        Mood.PLAIN,
                        words.of("report.accepted"),
                        annex.number(figures.consents, words.of("report.accepted")),
                        words.counted("report.tile.messages", figures.messages.count())),
                Blocks.tile(
                        Mood.PLAIN,
                        words.of("report.handed-over"),
                        annex.number(figures.handedOver, words.of("report.handed-over")),
                        words.of("report.tile.one-broker")),
                Blocks.tile(
                        Mood.GOOD,
                        words.of("report.destroyed"),
                        annex.number(purged, words.of("report.purged")),
                        Stream.of(PurgeLevel.ERASED, PurgeLevel.UNREACHABLE, PurgeLevel.UNREADABLE)
                                .map(this::level)
                                .flatMap(Optional::stream)
                                .collect(Collectors.joining(", "))),
                Blocks.tile(
                        figures.overdue.count() > 0 ? Mood.BAD : Mood.PLAIN,
                        words.of("report.held"),
                        annex.number(figures.held, words.of("report.held.oldest-first")),
                        words.counted("report.tile.overdue", figures.overdue.count()))));
    }

    private Optional<String> level(PurgeLevel level) {
        return Optional.ofNullable(figures.purged.get(level))
                .map(ids ->
                        words.number(ids.count()) + " " + words.counted("report.level." + level.name(), ids.count()));
    }

    private Element held() {
        Element section = Element.of("section").with("id", "held").add(Element.of("h2", words.of("report.held.title")));
        section.add(Element.of("p", words.of("report.held.promise", words.duration(figures.longestPromise()))));
        List<Figures.Held> soonest = figures.soonest();
        if (soonest.isEmpty()) {
            return section.add(Element.of("p", words.of("report.held.none")));
        }
        section.add(Blocks.table(
                words.of("report.held.title"),
                List.of(
                        words.of("signup"),
                        words.of("report.held.since"),
                        words.of("report.held.until"),
                        words.of("report.held.left")),
                soonest.stream().map(this::row).toList()));
        long more = figures.held.count() - soonest.size();
        return more == 0
                ? section
                : section.add(
                        Element.of("p", words.counted("report.more", more)).as("note"));
    }

    private List<Element> row(Figures.Held each) {
        Duration left = Duration.between(figures.now(), each.eraseBy());
        return List.of(
                Blocks.code(each.signupId().toString()).as("id"),
                Blocks.text(words.time(each.receivedAt()) + " ("
                                + words.duration(Duration.between(each.receivedAt(), figures.now())) + ")")
                        .as("words"),
                Blocks.text(words.time(each.eraseBy())
                                + (each.preserved() ? ", " + words.of("report.held.preserved") : ""))
                        .as("words"),
                left.isNegative()
                        ? Blocks.badge(Mood.BAD, words.of("report.held.over", words.duration(left.negated())))
                        : Blocks.text(words.duration(left)));
    }

    private Element times() {
        return Element.of("section")
                .with("id", "times")
                .add(
                        Element.of("h2", words.of("report.times")),
                        Element.of("p", words.of("report.times.what")).as("note"),
                        Element.of("div")
                                .as("charts")
                                .add(
                                        chart("report.until-destroyed", figures.untilDestroyed),
                                        chart("report.until-unreachable", figures.untilUnreachable),
                                        chart("report.until-erased", figures.untilErased)));
    }

    private Element chart(String title, Durations durations) {
        Element part = Element.of("div").add(Element.of("h3", words.of(title)));
        long number = durations.all().count();
        if (number == 0) {
            return part.add(Element.of("p", words.of("report.times.none")).as("note"));
        }
        part.add(Element.of("p")
                .as("note")
                .text(words.of(
                                "report.times.spread",
                                words.duration(durations.within(0.5)),
                                words.duration(durations.within(0.99)),
                                words.duration(durations.longest()))
                        + " ")
                .add(annex.number(durations.all(), words.of(title) + ", " + words.of("report.longest-first"))));
        List<Chart.Bar> bars = new ArrayList<>();
        List<Ids> classes = durations.classes();
        for (int i = 0; i < classes.size(); i++) {
            Ids ids = classes.get(i);
            String label = label(i);
            bars.add(new Chart.Bar(
                    label, ids.count(), words.number(ids.count()), annex.target(ids, words.of(title) + ", " + label)));
        }
        return part.add(Chart.bars(words.of(title), bars));
    }

    private String label(int index) {
        List<Long> bounds = Durations.boundsSeconds();
        if (index == 0) {
            return words.of("report.times.under", shortly(bounds.get(0)));
        }
        return index == bounds.size()
                ? words.of("report.times.over", shortly(bounds.get(index - 1)))
                : shortly(bounds.get(index - 1)) + " – " + shortly(bounds.get(index));
    }

    private static String shortly(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        } else if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    private Element notClaimed() {
        Element list = Element.of("ul");
        for (int i = 1; i <= 7; i++) {
            list.add(Element.of("li", words.of("report.not-claimed." + i)));
        }
        return Element.of("section")
                .with("id", "not-claimed")
                .add(Element.of("h2", words.of("report.not-claimed")), list);
    }

    private Element yourself() {
        Element section = Element.of("section")
                .with("id", "verify")
                .add(Element.of("h2", words.of("report.yourself")), Element.of("p", words.of("report.yourself.what")));
        verdict.read()
                .ifPresent(read -> section.add(
                        command("export HANDOFF_KAFKA_BOOTSTRAP_SERVERS=…"
                                + (read.topicPrefix().isEmpty()
                                        ? ""
                                        : "\nexport HANDOFF_TOPIC_PREFIX=" + read.topicPrefix())
                                + "\n./handoff audit verify --json\n./handoff audit replay"),
                        Element.of("p", words.of("report.yourself.digest")),
                        Blocks.table(
                                words.of("report.yourself.range"),
                                List.of(words.of("report.topic"), words.of("report.ends")),
                                ends(read)),
                        Element.of("p", words.of("report.yourself.one")),
                        command("./handoff audit trace ID\n./handoff audit evidence ID\n"
                                + "./handoff audit check ID.evidence --key …")));
        return section;
    }

    private static List<List<Element>> ends(LogRead read) {
        return read.partitions().stream()
                .collect(Collectors.groupingBy(
                        each -> each.topic().baseName(),
                        LinkedHashMap::new,
                        Collectors.mapping(each -> String.valueOf(each.endOffset()), Collectors.joining(" "))))
                .entrySet()
                .stream()
                .map(topic -> List.of(Blocks.text(topic.getKey()), Blocks.code(topic.getValue())))
                .toList();
    }

    private static Element command(String lines) {
        return Element.of("pre").with("tabindex", "0").add(Blocks.code(lines));
    }
}
