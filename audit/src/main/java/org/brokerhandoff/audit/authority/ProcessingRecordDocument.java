package org.brokerhandoff.audit.authority;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.authority.ProcessingRecord.Activity;
import org.brokerhandoff.audit.authority.ProcessingRecord.Recipient;
import org.brokerhandoff.audit.authority.ProcessingRecord.Spread;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.schemas.Digests;

/** Renders a {@link ProcessingRecord}: for people in a terminal or on a page, and for machines. */
public final class ProcessingRecordDocument {
    private static final int SECONDS_IN_A_MINUTE = 60;

    private final ProcessingRecord found;

    /** The forms of {@code found}. */
    public ProcessingRecordDocument(ProcessingRecord found) {
        this.found = found;
    }

    /** All of it as text. Ends with a line break. */
    public String text(Wording words) {
        return sheet(words).text(words.of("from-the-log", found.readAt()));
    }

    /** A self-contained page. */
    public String html(Wording words) {
        return sheet(words).html(words.language(), words.of("from-the-log", found.readAt()));
    }

    private Sheet sheet(Wording words) {
        Sheet sheet = new Sheet(words.of("processing.title"));
        sheet.paragraph(words.of("processing.what-it-is"));
        controller(sheet, words);
        activities(sheet, words);
        recipients(sheet, words);
        processors(sheet, words);
        erasure(sheet, words);
        security(sheet, words);
        documents(sheet, words);
        return sheet.heading(words.of("limits")).paragraph(words.of("processing.not-said"));
    }

    private void controller(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.controller"));
        if (found.operator().isEmpty()) {
            sheet.paragraph(words.of("processing.no-operator"));
            return;
        }
        OperatorPublished operator = found.operator().get();
        List<String> items = new ArrayList<>();
        items.add(words.of("processing.controller.name", operator.getName()));
        items.add(words.of("processing.controller.address", operator.getRegisteredOffice()));
        items.add(words.of("processing.controller.contact", operator.getContact()));
        items.add(
                operator.getDataProtectionOfficer() == null
                        ? words.of("processing.controller.no-officer")
                        : words.of("processing.controller.officer", operator.getDataProtectionOfficer()));
        items.add(words.of("processing.controller.law", words.country(operator.getJurisdiction())));
        List<String> joint = found.recipients().stream()
                .map(Recipient::published)
                .filter(broker -> broker.getRole() == RecipientRole.JOINT_CONTROLLER)
                .map(ProcessingRecordDocument::name)
                .toList();
        if (!joint.isEmpty()) {
            items.add(words.of("processing.controller.joint", String.join(", ", joint)));
        }
        sheet.items(items);
    }

    private void activities(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.activities"));
        if (found.activities().isEmpty()) {
            sheet.paragraph(words.of("processing.nothing"));
        } else {
            sheet.table(
                    words.of("processing.activities"),
                    List.of(
                            words.of("processing.purpose"),
                            words.of("processing.ground"),
                            words.of("processing.people"),
                            words.of("category"),
                            words.of("country"),
                            words.of("count"),
                            words.of("processing.since")),
                    found.activities().stream()
                            .map(activity -> row(activity, words))
                            .toList());
        }
        found.operator().ifPresent(operator -> sheet.paragraph(extraMembers(operator, words)));
    }

    private static List<String> row(Activity activity, Wording words) {
        return List.of(
                words.of(activity.processing()),
                words.of("ground." + activity.processing()),
                words.of("people." + activity.processing()),
                activity.categories().isEmpty()
                        ? words.of("categories." + activity.processing())
                        : activity.categories().stream().map(words::of).collect(Collectors.joining(", ")),
                activity.countries().stream().map(words::country).collect(Collectors.joining(", ")),
                String.valueOf(activity.number()),
                activity.since().atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }

    private static String extraMembers(OperatorPublished operator, Wording words) {
        List<String> members = operator.getExtraMembers();
        if (members == null) {
            return words.of("processing.members.any");
        }
        return members.isEmpty()
                ? words.of("processing.members.none")
                : words.of("processing.members", String.join(", ", members));
    }

    private void recipients(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.recipients"));
        if (found.recipients().isEmpty()) {
            sheet.paragraph(words.of("processing.no-recipients"));
            return;
        }
        sheet.paragraph(words.of("processing.recipients.what-it-is"));
        sheet.table(
                words.of("processing.recipients"),
                List.of(
                        words.of("recipient"),
                        words.of("processing.role"),
                        words.of("processing.established"),
                        words.of("processing.transfer"),
                        words.of("processing.agreement"),
                        words.of("processing.contact"),
                        words.of("processing.accepted")),
                found.recipients().stream().map(each -> row(each, words)).toList());
    }

    private static List<String> row(Recipient each, Wording words) {
        PublishedBroker broker = each.published();
        return List.of(
                name(broker) + (each.current() ? "" : ", " + words.of("processing.former")),
                words.of(broker.getKind()) + ", "
                        + (broker.getRole() == null ? words.of("unknown") : words.of(broker.getRole())),
                broker.getEstablishedIn() == null ? words.of("unknown") : words.country(broker.getEstablishedIn()),
                transfer(broker, words),
                agreement(broker, words),
                Stream.of(Optional.ofNullable(broker.getContact()), Optional.of(broker.getPrivacyPolicy()))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(", ")),
                String.valueOf(each.accepted()));
    }

    private static String name(PublishedBroker broker) {
        String entity = broker.getLegalEntity();
        return (entity == null || entity.equals(broker.getName()) ? broker.getName() : broker.getName() + ", " + entity)
                + " (" + broker.getId() + ")";
    }

    private static String transfer(PublishedBroker broker, Wording words) {
        Stream<String> exceptions = broker.getTransferBases().stream()
                .map(basis -> words.country(basis.getCountry()) + ": " + basis.getBasis());
        return Stream.concat(Optional.ofNullable(broker.getTransferDefault()).stream(), exceptions)
                .collect(Collectors.joining("; "));
    }

    private static String agreement(PublishedBroker broker, Wording words) {
        String until = broker.getAgreementValidUntil() == null
                ? ""
                : words.of("processing.valid-until", broker.getAgreementValidUntil());
        return Stream.of(Optional.ofNullable(broker.getAgreementTitle()), Optional.of(until))
                .flatMap(Optional::stream)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private void processors(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.processors"));
        var processors = found.operator().map(OperatorPublished::getProcessors).orElse(List.of());
        if (processors.isEmpty()) {
            sheet.paragraph(words.of("processing.no-processors"));
            return;
        }
        sheet.table(
                words.of("processing.processors"),
                List.of(words.of("processing.name"), words.of("processing.purpose"), words.of("processing.where")),
                processors.stream()
                        .map(processor -> List.of(
                                processor.getName(), processor.getPurpose(), words.country(processor.getCountry())))
                        .toList());
    }

    private void erasure(Sheet sheet, Wording words) {
        ProcessingRecord.Erasure erasure = found.erasure();
        sheet.heading(words.of("processing.erasure"));
        if (erasure.longestPromise().isEmpty()) {
            sheet.paragraph(words.of("processing.nothing"));
            return;
        }
        List<String> items = new ArrayList<>();
        items.add(
                words.of("processing.promise", duration(erasure.longestPromise().get())));
        items.add(words.counted("processing.purged", erasure.purged(), words.number(erasure.late())));
        erasure.untilKeyDestroyed()
                .ifPresent(spread -> items.add(
                        words.of("processing.until-key", duration(spread.average()), duration(spread.longest()))));
        erasure.untilConfirmed()
                .ifPresent(spread -> items.add(words.of(
                        "processing.until-confirmed", duration(spread.average()), duration(spread.longest()))));
        erasure.byLevel()
                .forEach((level, number) -> items.add(words.of("processing.by-level", number, level, words.of(level))));
        sheet.items(items);
        sheet.paragraph(words.of("processing.kept"));
    }

    private void security(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.security"));
        sheet.items(List.of(
                words.of("processing.security.sealed"),
                words.of("processing.security.destroyed"),
                words.of("processing.security.sent"),
                words.of("processing.security.log"),
                words.of("processing.security.access")));
        if (!found.examinations().isEmpty()) {
            sheet.paragraph(words.of("processing.examined"));
            sheet.table(
                    words.of("processing.examined"),
                    List.of(
                            words.of("processing.service"),
                            words.of("processing.examined-at"),
                            words.of("processing.file-system"),
                            words.of("processing.swap"),
                            words.of("processing.core-dumps"),
                            words.of("processing.highest")),
                    found.examinations().stream()
                            .map(each -> List.of(
                                    each.getService().name().toLowerCase(Locale.ROOT),
                                    each.getExaminedAt().toString(),
                                    each.getFileSystem().name(),
                                    words.of(each.getSwap() ? "yes" : "no"),
                                    words.of(each.getCoreDumps() ? "yes" : "no"),
                                    each.getHighestLevel().name()))
                            .toList());
        }
    }

    private void documents(Sheet sheet, Wording words) {
        sheet.heading(words.of("processing.documents"));
        if (found.documents().isEmpty()) {
            sheet.paragraph(words.of("processing.no-documents"));
            return;
        }
        sheet.table(
                words.of("processing.documents"),
                List.of(
                        words.of("processing.document"),
                        words.of("processing.version"),
                        words.of("processing.language"),
                        words.of("processing.in-force-since"),
                        "SHA-256"),
                found.documents().stream()
                        .map(document -> List.of(
                                words.of(document.getKind()),
                                document.getVersion(),
                                document.getLanguage(),
                                document.getEffectiveAt().toString(),
                                Digests.hex(document.getDigest())))
                        .toList());
    }

    /** The two largest units, by their symbols. */
    static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(SECONDS_IN_A_MINUTE)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        } else if (duration.toHours() == 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return duration.toDays() == 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toDays() + " d " + duration.toHoursPart() + " h";
    }

    /** One object. Ends with a line break. */
    public String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        found.operator().ifPresent(operator -> operator(json.putObject("controller"), operator));
        ArrayNode activities = json.putArray("activities");
        for (Activity each : found.activities()) {
            ObjectNode one =
                    activities.addObject().put("purpose", each.processing().name());
            one.put("number", each.number()).put("since", each.since().toString());
            ArrayNode categories = one.putArray("categories");
            each.categories().forEach(category -> categories.add(category.name()));
            each.countries().forEach(one.putArray("countriesOfResidence")::add);
        }
        ArrayNode recipients = json.putArray("recipients");
        found.recipients().forEach(each -> recipient(recipients.addObject(), each));
        erasure(json.putObject("erasure"));
        ArrayNode examinations = json.putArray("examinations");
        found.examinations()
                .forEach(each -> examinations
                        .addObject()
                        .put("service", each.getService().name())
                        .put("examinedAt", each.getExaminedAt().toString())
                        .put("fileSystem", each.getFileSystem().name())
                        .put("swap", each.getSwap())
                        .put("coreDumps", each.getCoreDumps())
                        .put("highestLevel", each.getHighestLevel().name()));
        ArrayNode documents = json.putArray("documents");
        found.documents()
                .forEach(each -> documents
                        .addObject()
                        .put("kind", each.getKind().name())
                        .put("version", each.getVersion())
                        .put("language", each.getLanguage())
                        .put("effectiveAt", each.getEffectiveAt().toString())
                        .put("sha256", Digests.hex(each.getDigest())));
        return json.put("readAt", found.readAt().toString()).toPrettyString() + "\n";
    }

    private static void operator(ObjectNode json, OperatorPublished operator) {
        json.put("name", operator.getName()).put("address", operator.getRegisteredOffice());
        json.put("contact", operator.getContact());
        json.put("dataProtectionOfficer", operator.getDataProtectionOfficer());
        json.put("jurisdiction", operator.getJurisdiction());
        ArrayNode processors = json.putArray("processors");
        operator.getProcessors()
                .forEach(processor -> processors
                        .addObject()
                        .put("name", processor.getName())
                        .put("purpose", processor.getPurpose())
                        .put("country", processor.getCountry()));
        List<String> members = operator.getExtraMembers();
        if (members != null) {
            members.forEach(json.putArray("extraMembers")::add);
        }
    }

    private static void recipient(ObjectNode json, Recipient each) {
        PublishedBroker broker = each.published();
        json.put("id", broker.getId()).put("name", broker.getName()).put("legalEntity", broker.getLegalEntity());
        json.put("kind", broker.getKind().name());
        json.put("role", broker.getRole() == null ? null : broker.getRole().name());
        json.put("establishedIn", broker.getEstablishedIn());
        json.put("transferBasis", broker.getTransferDefault());
        ObjectNode bases = json.putObject("transferBasisByCountry");
        broker.getTransferBases().forEach(basis -> bases.put(basis.getCountry(), basis.getBasis()));
        json.put("agreement", broker.getAgreementTitle());
        json.put(
                "agreementValidUntil",
                broker.getAgreementValidUntil() == null
                        ? null
                        : broker.getAgreementValidUntil().toString());
        json.put("contact", broker.getContact()).put("privacyPolicy", broker.getPrivacyPolicy());
        json.put("current", each.current()).put("accepted", each.accepted());
    }

    private void erasure(ObjectNode json) {
        ProcessingRecord.Erasure erasure = found.erasure();
        erasure.longestPromise().ifPresent(longest -> json.put("longestPromise", longest.toString()));
        json.put("purged", erasure.purged()).put("late", erasure.late());
        erasure.untilKeyDestroyed().ifPresent(spread -> spread(json.putObject("untilKeyDestroyed"), spread));
        erasure.untilConfirmed().ifPresent(spread -> spread(json.putObject("untilConfirmed"), spread));
        ObjectNode levels = json.putObject("byLevel");
        erasure.byLevel().forEach((level, number) -> levels.put(level.name(), number));
    }

    private static void spread(ObjectNode json, Spread spread) {
        json.put("average", spread.average().toString())
                .put("longest", spread.longest().toString());
    }
}
