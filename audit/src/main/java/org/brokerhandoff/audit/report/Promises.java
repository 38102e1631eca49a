package org.brokerhandoff.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.verify.Rule;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.audit.verify.Violation;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** The table of the privacy policy's promises: which hold by the log, and how many cases were judged. */
final class Promises {
    private static final int NUMBER = 24;

    private final Figures figures;
    private final Map<String, Long> violations;
    private final Wording words;
    private final Annex annex;

    Promises(Verdict verdict, Figures figures, Wording words, Annex annex) {
        this.figures = figures;
        this.words = words;
        this.annex = annex;
        this.violations =
                verdict.violations().stream().collect(Collectors.groupingBy(Violation::rule, Collectors.counting()));
    }

    static List<String> all() {
        return IntStream.rangeClosed(1, NUMBER).mapToObj(number -> "P" + number).toList();
    }

    Element section() {
        List<List<Element>> rows = new ArrayList<>();
        for (String promise : all()) {
            List<Rule> rules = Rules.on(promise);
            rows.add(List.of(
                    Blocks.text(promise),
                    Blocks.text(words.of("promise." + promise)).as("words"),
                    state(rules),
                    counted(promise),
                    rules(rules)));
        }
        return Element.of("section")
                .with("id", "promises")
                .add(
                        Element.of("h2", words.of("report.promises")),
                        Element.of("p", words.of("report.promises.what")).as("note"),
                        Blocks.table(
                                words.of("report.promises"),
                                List.of(
                                        "#",
                                        words.of("report.promise"),
                                        words.of("report.promise.state"),
                                        words.of("report.promise.counted"),
                                        words.of("report.promise.rules")),
                                rows));
    }

    private Element state(List<Rule> rules) {
        long broken = rules.stream()
                .mapToLong(rule -> violations.getOrDefault(rule.code(), 0L))
                .sum();
        if (rules.isEmpty()) {
            return Blocks.badge(Mood.PLAIN, words.of("report.promise.unseen"));
        }
        return broken == 0
                ? Blocks.badge(Mood.GOOD, words.of("report.promise.holds"))
                : Blocks.badge(Mood.BAD, words.counted("report.promise.broken", broken));
    }

    private Element rules(List<Rule> rules) {
        Element list = Element.of("span").as("note wide");
        String separator = "";
        for (Rule rule : rules) {
            list.text(separator);
            list.add(
                    violations.containsKey(rule.code())
                            ? Blocks.link("#rule-" + rule.code(), rule.code())
                            : Blocks.code(rule.code()));
            separator = ", ";
        }
        return list;
    }

    /** A number, and how it is shown. */
    private record Counted(long count, Element shown) {}

    private Element counted(String promise) {
        Counted counted = switch (promise) {
            case "P1", "P2", "P24" -> ids(figures.consents, words.of("report.accepted"));
            case "P3", "P22" -> ids(figures.messages, words.of("report.messages"));
            case "P4", "P10", "P17" -> ids(figures.handedOver, words.of("report.handed-over"));
            case "P5", "P6" -> plain(figures.cookieChoices);
            case "P7" ->
                plain(figures.documents.values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
            case "P8" -> plain(brokers().filter(Promises::reachable).count());
            case "P9" -> ids(figures.untilDestroyed.all(), words.of("report.destroyed"));
            case "P11" ->
                plain(brokers()
                        .filter(broker -> broker.getAgreementValidUntil() != null)
                        .count());
            case "P12" -> plain(figures.examinations);
            case "P13", "P15" -> ids(figures.disclosures.all, words.of("report.disclosures"));
            case "P14" -> ids(figures.asked, words.of("report.asked"));
            case "P16" ->
                plain(figures.operator()
                        .map(operator -> operator.getProcessors().size())
                        .orElse(0));
            case "P18" -> ids(withdrawn(), words.of("report.withdrawn"));
            case "P19" -> ids(objections(), words.of("report.objections"));
            case "P20" -> ids(requests(), words.of("report.rights"));
            case "P21" -> plain(figures.documents.getOrDefault(DocumentKind.PRIVACY, 0L));
            case "P23" ->
                plain(brokers().filter(broker -> broker.getRole() != null).count());
            default -> throw new IllegalArgumentException(promise);
        };
        return Element.of("span")
                .add(counted.shown())
                .text(" " + words.counted("promise." + promise + ".of", counted.count()));
    }

    private Stream<PublishedBroker> brokers() {
        return figures.directory().stream().flatMap(directory -> directory.getBrokers().stream());
    }

    private static boolean reachable(PublishedBroker broker) {
        return broker.getCookiePolicy() != null && broker.getContact() != null;
    }

    private Counted plain(long count) {
        return new Counted(count, Blocks.text(words.number(count)));
    }

    private Counted ids(Ids ids, String title) {
        return new Counted(ids.count(), annex.number(ids, title));
    }

    private Ids withdrawn() {
        return Ids.together(List.of(figures.withdrawnBefore, figures.withdrawnAfter.all));
    }

    private Ids objections() {
        return Ids.together(Stream.of(RightsType.OBJECTION, RightsType.RESTRICTION)
                .flatMap(type -> Stream.ofNullable(figures.requests.get(type)))
                .map(matters -> matters.all)
                .toList());
    }

    private Ids requests() {
        return Ids.together(
                figures.requests.values().stream().map(matters -> matters.all).toList());
    }
}
