package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.authority.BlastRadius;
import org.brokerhandoff.audit.authority.BlastRadiusDocument;
import org.brokerhandoff.audit.authority.DisclosureLetter;
import org.brokerhandoff.audit.authority.DisclosureLetterDocument;
import org.brokerhandoff.audit.authority.ExposureFold;
import org.brokerhandoff.audit.authority.ProcessingFold;
import org.brokerhandoff.audit.authority.ProcessingRecordDocument;
import org.brokerhandoff.audit.authority.RecipientLetter;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** The commands that generate documents for an authority or a person. */
final class AuthorityCommands {
    private static final int FAILED = 1;
    private static final int COULD_NOT_RUN = 2;

    private final PrintWriter out;
    private final PrintWriter err;
    private final InstantSource clock;

    AuthorityCommands(PrintWriter out, PrintWriter err, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    int blastRadius(KafkaClients clients, String from, String to, DocumentForm form, AuditVerifier.Progress progress) {
        Optional<Instant> begin = time("--from", from);
        Optional<Instant> end = time("--to", to);
        Optional<Wording> words = wording(form);
        if (begin.isEmpty() || end.isEmpty() || words.isEmpty()) {
            return COULD_NOT_RUN;
        }
        if (end.get().isBefore(begin.get())) {
            err.println("--to must not be before --from; found " + from + " and " + to);
            return COULD_NOT_RUN;
        }
        BlastRadius.Collector collector = new BlastRadius.Collector(begin.get(), end.get());
        ExposureFold fold = new ExposureFold();
        Instant readAt = clock.instant();
        try (KeptLog log = new KeptLog(clients, new EventCodec())) {
            for (int partition = 0; partition < log.partitions(); partition++) {
                progress.reading(partition, log.partitions());
                log.read(partition, record -> record.event().ifPresent(fold::add), extent -> {});
                fold.end(collector::add);
            }
        }
        BlastRadiusDocument document = new BlastRadiusDocument(collector.found(readAt));
        if (form.html != null) {
            write(form.html, document.html(words.get()));
        }
        out.print(form.json ? document.json() : document.text());
        return 0;
    }

    int recipientLetter(KafkaClients clients, UUID signupId, DocumentForm form) {
        Optional<Wording> words = wording(form);
        if (words.isEmpty()) {
            return COULD_NOT_RUN;
        }
        List<SpecificRecord> events = new ArrayList<>();
        List<DirectoryPublished> directories;
        Instant readAt = clock.instant();
        try (KeptLog log = new KeptLog(clients, new EventCodec())) {
            directories = directories(log);
            log.read(log.partitionOf(signupId), record -> record.event().ifPresent(events::add), extent -> {});
        }
        Optional<RecipientLetter> letter = RecipientLetter.of(signupId, events, directories, readAt);
        if (letter.isEmpty()) {
            err.println("the event log has no consent or message of signup " + signupId);
            return FAILED;
        }
        if (form.html != null) {
            write(form.html, letter.get().html(words.get()));
        }
        if (form.json || form.html == null) {
            out.print(letter.get().json());
        }
        return 0;
    }

    int registerOfProcessing(KafkaClients clients, DocumentForm form, AuditVerifier.Progress progress) {
        Optional<Wording> words = wording(form);
        if (words.isEmpty()) {
            return COULD_NOT_RUN;
        }
        ProcessingFold fold = new ProcessingFold();
        Instant readAt = clock.instant();
        try (KeptLog log = new KeptLog(clients, new EventCodec())) {
            for (int partition = 0; partition < log.partitions(); partition++) {
                progress.reading(partition, log.partitions());
                log.read(partition, record -> record.event().ifPresent(fold::add), extent -> {});
                fold.endOfPartition();
            }
        }
        ProcessingRecordDocument document = new ProcessingRecordDocument(fold.found(readAt));
        if (form.html != null) {
            write(form.html, document.html(words.get()));
        }
        if (form.json) {
            out.print(document.json());
        } else if (form.html == null) {
            out.print(document.text(words.get()));
        }
        return 0;
    }

    int disclosureLetter(KafkaClients clients, UUID requestId, DocumentForm form) {
        Optional<Wording> words = wording(form);
        if (words.isEmpty()) {
            return COULD_NOT_RUN;
        }
        Instant readAt = clock.instant();
        Optional<DisclosureLetter> letter;
        try (KeptLog log = new KeptLog(clients, new EventCodec())) {
            Optional<DisclosureRequested> requested = entered(log, requestId);
            if (requested.isEmpty()) {
                err.println("the event log has no request for disclosure " + requestId);
                return FAILED;
            }
            Set<UUID> concerned = new LinkedHashSet<>();
            concerned.add(SignupIds.uuid(requested.get().getSignupId()));
            Optional.ofNullable(requested.get().getSealedAs())
                    .map(SignupIds::uuid)
                    .ifPresent(concerned::add);
            letter = DisclosureLetter.of(requestId, about(log, concerned), directories(log), readAt);
        }
        if (letter.isEmpty()) {
            err.println("the request for disclosure " + requestId + " is not decided yet");
            return FAILED;
        }
        DisclosureLetterDocument document = new DisclosureLetterDocument(letter.get());
        if (form.html != null) {
            write(form.html, document.html(words.get()));
        }
        if (form.json || form.html == null) {
            out.print(form.json ? document.json() : document.text(words.get()));
        }
        return 0;
    }

    /** A request's id does not determine the partition of its signup. */
    private static Optional<DisclosureRequested> entered(KeptLog log, UUID requestId) {
        List<DisclosureRequested> found = new ArrayList<>();
        for (int partition = 0; partition < log.partitions() && found.isEmpty(); partition++) {
            log.read(
                    Topic.CONSENTS,
                    partition,
                    record -> record.event()
                            .filter(event -> DisclosureLetter.enters(requestId, event))
                            .map(DisclosureRequested.class::cast)
                            .ifPresent(found::add),
                    extent -> {});
        }
        return found.stream().findFirst();
    }

    /** The events about these ids, each partition read once. */
    private static List<SpecificRecord> about(KeptLog log, Set<UUID> concerned) {
        List<SpecificRecord> events = new ArrayList<>();
        concerned.stream()
                .map(log::partitionOf)
                .distinct()
                .forEach(partition -> log.read(
                        partition,
                        record -> record.event()
                                .filter(event -> EventId.signup(event)
                                        .filter(concerned::contains)
                                        .isPresent())
                                .ifPresent(events::add),
                        extent -> {}));
        return events;
    }

    private static List<DirectoryPublished> directories(KeptLog log) {
        return log.publications().stream()
                .filter(DirectoryPublished.class::isInstance)
                .map(DirectoryPublished.class::cast)
                .toList();
    }

    private Optional<Wording> wording(DocumentForm form) {
        Optional<Wording> words = Wording.in(form.language);
        if (words.isEmpty()) {
            err.println("--language must be one of " + Wording.languages() + "; found " + form.language);
        }
        return words;
    }

    private Optional<Instant> time(String option, String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            err.println(option + " must be a time with offset, such as 2026-11-28T13:00:00Z; found " + text);
            return Optional.empty();
        }
    }

    private void write(Path file, String page) {
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
        err.println("written: " + file);
    }
}
