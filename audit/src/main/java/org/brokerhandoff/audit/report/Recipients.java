package org.brokerhandoff.audit.report;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.TransferBasis;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Chart;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** What each recipient got, by country of residence, and on which terms. */
final class Recipients {
    private static final int SOON_DAYS = 60;

    private final Figures figures;
    private final Wording words;
    private final Annex annex;
    private final Map<String, PublishedBroker> published = new TreeMap<>();

    Recipients(Figures figures, Wording words, Annex annex) {
        this.figures = figures;
        this.words = words;
        this.annex = annex;
        figures.directory()
                .ifPresent(
                        directory -> directory.getBrokers().forEach(broker -> published.put(broker.getId(), broker)));
    }

    List<Element> sections() {
        Element recipients =
                Element.of("section").with("id", "recipients").add(Element.of("h2", words.of("report.recipients")));
        List<String> ids = new ArrayList<>(published.keySet());
        figures.brokers.keySet().stream()
                .filter(id -> !published.containsKey(id))
                .forEach(ids::add);
        if (ids.isEmpty()) {
            return List.of(recipients.add(Element.of("p", words.of("report.recipients.none"))));
        }
        recipients.add(
                Element.of("p", words.of("report.recipients.what")).as("note"),
                Element.of("h3", words.of("report.accepted-by")),
                Chart.bars(
                        words.of("report.accepted-by"),
                        ids.stream().map(this::bar).toList()),
                Blocks.table(
                        words.of("report.recipients"),
                        List.of(
                                words.of("recipient"),
                                words.of("report.established"),
                                words.of("report.agreement"),
                                words.of("report.assigned"),
                                words.of("report.taken"),
                                words.of("report.refused"),
                                words.of("report.excluded")),
                        ids.stream().map(this::row).toList()));
        recipients.add(exclusions());
        return List.of(recipients, countries());
    }

    private Chart.Bar bar(String id) {
        Ids accepted = course(id).accepted;
        return new Chart.Bar(
                id,
                accepted.count(),
                words.number(accepted.count()),
                annex.target(accepted, title(id, "report.taken")));
    }

    private String title(String id, String what) {
        return id + ", " + words.of(what);
    }

    private BrokerFigures.Course course(String id) {
        return Optional.ofNullable(figures.brokers.get(id))
                .map(broker -> broker.all)
                .orElseGet(BrokerFigures.Course::new);
    }

    private List<Element> row(String id) {
        BrokerFigures.Course course = course(id);
        Optional<PublishedBroker> broker = Optional.ofNullable(published.get(id));
        Element name =
                Element.of("span").text(broker.map(PublishedBroker::getName).orElse(id));
        name.add(Element.of("br"), Blocks.code(id).as("note"));
        return List.of(
                name,
                Blocks.text(broker.map(PublishedBroker::getEstablishedIn)
                        .map(words::country)
                        .orElse("–")),
                broker.map(this::agreement).orElseGet(() -> Blocks.text(words.of("report.not-in-directory"))),
                annex.number(course.assigned, title(id, "report.assigned")),
                annex.number(course.accepted, title(id, "report.taken")),
                annex.number(course.refused, title(id, "report.refused")),
                Blocks.text(words.number(Optional.ofNullable(figures.brokers.get(id))
                        .map(BrokerFigures::excluded)
                        .orElse(0L))));
    }

    private Element agreement(PublishedBroker broker) {
        LocalDate until = broker.getAgreementValidUntil();
        if (until == null) {
            return Blocks.text(
                    Optional.ofNullable(broker.getAgreementTitle()).orElse(words.of("report.agreement.none")));
        }
        LocalDate today = LocalDate.ofInstant(figures.now(), ZoneOffset.UTC);
        Mood mood =
                until.isBefore(today) ? Mood.BAD : until.isBefore(today.plusDays(SOON_DAYS)) ? Mood.WATCH : Mood.GOOD;
        return Blocks.badge(mood, words.of("report.agreement.until", until));
    }

    private Element exclusions() {
        List<List<Element>> rows = new ArrayList<>();
        figures.brokers.forEach((id, broker) -> {
            for (Map.Entry<ExclusionReason, Ids> each : broker.exclusions.entrySet()) {
                String reason = words.of(each.getKey());
                rows.add(List.of(
                        Blocks.text(id), Blocks.text(reason), annex.number(each.getValue(), id + ", " + reason)));
            }
        });
        Element part = Element.of("div").add(Element.of("h3", words.of("report.exclusions")));
        return rows.isEmpty()
                ? part.add(Element.of("p", words.of("report.exclusions.none")))
                : part.add(
                        Element.of("p", words.of("report.exclusions.what")).as("note"),
                        Blocks.table(
                                words.of("report.exclusions"),
                                List.of(words.of("recipient"), words.of("report.reason"), words.of("count")),
                                rows));
    }

    private Element countries() {
        List<List<Element>> rows = new ArrayList<>();
        figures.brokers.forEach((id, broker) -> broker.byCountry.forEach((country, course) -> {
            String residence =
                    country.equals(Figures.NO_COUNTRY) ? words.of("report.country.none") : words.country(country);
            String where = residence + ", " + id;
            rows.add(List.of(
                    Blocks.text(residence),
                    Blocks.text(id),
                    annex.number(course.assigned, where + ", " + words.of("report.assigned")),
                    annex.number(course.accepted, where + ", " + words.of("report.taken")),
                    annex.number(course.refused, where + ", " + words.of("report.refused")),
                    Blocks.text(basis(id, country)).as("words")));
        }));
        rows.sort((one, other) -> one.get(0).markup().compareTo(other.get(0).markup()));
        return Element.of("section")
                .with("id", "countries")
                .add(
                        Element.of("h2", words.of("report.countries")),
                        Element.of("p", words.of("report.countries.what")).as("note"),
                        rows.isEmpty()
                                ? Element.of("p", words.of("report.countries.nothing"))
                                : Blocks.table(
                                        words.of("report.countries"),
                                        List.of(
                                                words.of("country"),
                                                words.of("recipient"),
                                                words.of("report.assigned"),
                                                words.of("report.taken"),
                                                words.of("report.refused"),
                                                words.of("report.transfer")),
                                        rows));
    }

    private String basis(String id, String country) {
        PublishedBroker broker = published.get(id);
        if (broker == null || country.equals(Figures.NO_COUNTRY)) {
            return "–";
        }
        return broker.getTransferBases().stream()
                .filter(basis -> basis.getCountry().equals(country))
                .map(TransferBasis::getBasis)
                .findFirst()
                .or(() -> Optional.ofNullable(broker.getTransferDefault()))
                .orElse(words.of("report.transfer.none"));
    }
}
