package org.brokerhandoff.audit.authority;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Kept;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * What a person may ask about recipients (Art. 15(1)(c) GDPR, and Art. 19, last sentence): to whom the data of one signup was disclosed,
 * when, on what ground, which notices each got since, and that nothing is left here.
 *
 * @param taken when it was accepted, and on what ground
 * @param recipients all who were assigned or contacted, in the order of the first event
 * @param withdrawnAt when the consent was withdrawn
 * @param requests the person's requests, in order
 * @param preservedUntil until when a preservation order keeps held data beyond the promised time
 * @param purge confirmation that nothing is left, if available
 */
public record RecipientLetter(
        UUID signupId,
        Ground taken,
        List<Recipient> recipients,
        Optional<Instant> withdrawnAt,
        List<LetterRequest> requests,
        Optional<Instant> preservedUntil,
        Optional<Gone> purge,
        Instant readAt) {
    /**
     * The ground.
     *
     * @param policy version and digest of the text that was consented to; absent for a message to the helpdesk
     */
    public record Ground(Instant receivedAt, Optional<String> policy, List<String> categories) {}

    /** Outcome for a recipient. */
    public enum Outcome {
        /** It has confirmed that it has the data. */
        ACCEPTED,
        /** It has refused the data. */
        REFUSED,
        /** It certainly did not get the data. */
        RELEASED,
        /** It may have got the data, and has not replied; an attempt without a recorded outcome counts too. */
        MAY_HAVE,
        /** Nothing was sent to it: the consent was withdrawn before. */
        NOTHING_SENT
    }

    /**
     * A recipient.
     *
     * @param name as the directory published it; the id where it did not
     * @param contacts start times of attempts that may have reached it
     * @param decidedAt when the outcome became known
     * @param answers its answers to notices
     */
    public record Recipient(
            String id,
            String name,
            Optional<String> privacyPolicy,
            Outcome outcome,
            List<Instant> contacts,
            Optional<Instant> decidedAt,
            List<Answer> answers) {
        /** Copies the lists. */
        public Recipient {
            contacts = List.copyOf(contacts);
            answers = List.copyOf(answers);
        }

        /** When it confirmed the notice of the withdrawal. */
        public Optional<Instant> toldOfWithdrawalAt() {
            return answers.stream()
                    .filter(answer -> answer.notice() == NoticeType.WITHDRAWAL)
                    .map(Answer::at)
                    .findFirst();
        }
    }

    /**
     * A recipient's answer to a notice.
     *
     * @param notice the subject of the notice
     * @param requestId the person's request; empty for the withdrawal of the consent
     * @param refusedFor reason of the refusal; empty: done
     */
    public record Answer(NoticeType notice, Optional<UUID> requestId, Instant at, Optional<RightsGround> refusedFor) {
        static Answer of(NoticeType notice, @Nullable RandomId request, Instant at, @Nullable RightsGround refusedFor) {
            return new Answer(
                    notice,
                    Optional.ofNullable(request).map(id -> SignupIds.uuid(id.bytes())),
                    at,
                    Optional.ofNullable(refusedFor));
        }

        boolean same(Answer other) {
            return notice == other.notice && requestId.equals(other.requestId);
        }
    }

    /** Confirmation that nothing is left. */
    public record Gone(String level, Instant keyDestroyedAt, Instant confirmedAt) {}

    /** Copies the lists. */
    public RecipientLetter {
        recipients = List.copyOf(recipients);
        requests = List.copyOf(requests);
    }

    /**
     * The letter about {@code signupId}.
     *
     * @param events of its partition, those of each topic in order; others are skipped
     * @param directories the published versions; the newest that has a broker names it
     * @return empty if the log has no consent or message of that id
     */
    public static Optional<RecipientLetter> of(
            UUID signupId,
            Collection<? extends SpecificRecord> events,
            Collection<DirectoryPublished> directories,
            Instant readAt) {
        Map<String, RecipientDraft> drafts = new LinkedHashMap<>();
        Optional<Ground> ground = Optional.empty();
        Optional<Instant> withdrawnAt = Optional.empty();
        Optional<Gone> gone = Optional.empty();
        boolean nothingSent = false;
        Set<UUID> newData = LetterRequest.newData(signupId, events);
        for (SpecificRecord event : events) {
            Optional<UUID> about = EventId.signup(event);
            if (event instanceof Delivered e && about.filter(newData::contains).isPresent()) {
                draft(drafts, e.getBroker())
                        .answered(new Answer(NoticeType.RECTIFICATION, about, e.getAcceptedAt(), Optional.empty()));
            }
            if (about.filter(signupId::equals).isEmpty()) {
                continue;
            }
            if (event instanceof ConsentGranted e) {
                String policy = e.getPolicyVersion() + ", SHA-256 " + Digests.hex(e.getNoticeDigest());
                ground = Optional.of(new Ground(e.getReceivedAt(), Optional.of(policy), names(e.getDataCategories())));
            } else if (event instanceof ContactReceived e) {
                ground = Optional.of(new Ground(e.getReceivedAt(), Optional.empty(), names(e.getDataCategories())));
            } else if (event instanceof ConsentWithdrawn e) {
                withdrawnAt = Optional.of(e.getWithdrawnAt());
                nothingSent = e.getOutcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF;
            } else if (event instanceof Purged e && gone.isEmpty()) {
                gone = Optional.of(new Gone(e.getLevel().name(), e.getKeyErasedAt(), e.getPurgedAt()));
            } else {
                take(drafts, event);
            }
        }
        if (nothingSent) {
            drafts.values().stream()
                    .filter(draft -> draft.outcome == Outcome.MAY_HAVE && draft.contacts.isEmpty())
                    .forEach(draft -> draft.outcome = Outcome.NOTHING_SENT);
        }
        List<Recipient> recipients = drafts.entrySet().stream()
                .map(entry -> recipient(entry.getKey(), entry.getValue(), directories))
                .toList();
        Optional<Instant> withdrawn = withdrawnAt;
        Optional<Gone> purge = gone;
        return ground.map(taken -> new RecipientLetter(
                signupId,
                taken,
                recipients,
                withdrawn,
                LetterRequest.of(signupId, events),
                preservedUntil(signupId, events),
                purge,
                readAt));
    }

    private static Optional<Instant> preservedUntil(UUID signupId, Collection<? extends SpecificRecord> events) {
        Kept kept = new Kept();
        List<? extends SpecificRecord> own = events.stream()
                .filter(event -> EventId.signup(event).filter(signupId::equals).isPresent())
                .toList();
        own.forEach(kept::add);
        return own.stream()
                .filter(ConsentGranted.class::isInstance)
                .map(ConsentGranted.class::cast)
                .findFirst()
                .flatMap(consent -> Optional.of(kept.due(consent.getReceivedAt(), consent.getEraseBy()))
                        .filter(consent.getEraseBy()::isBefore));
    }

    private static List<String> names(List<DataCategory> categories) {
        return categories.stream().map(Enum::name).toList();
    }

    private static void take(Map<String, RecipientDraft> drafts, SpecificRecord event) {
        if (event instanceof Assigned e) {
            draft(drafts, e.getBroker());
        } else if (event instanceof AttemptMade e) {
            if (e.getOutcome() != AttemptOutcome.NOT_SENT) {
                draft(drafts, e.getBroker()).contact(e.getStartedAt(), e.getAttempt());
            }
        } else if (event instanceof Delivered e) {
            RecipientDraft draft = draft(drafts, e.getBroker());
            draft.contact(e.getStartedAt(), e.getAttempt());
            draft.decided(Outcome.ACCEPTED, e.getAttempt(), e.getAcceptedAt());
        } else if (event instanceof Refused e) {
            RecipientDraft draft = draft(drafts, e.getBroker());
            draft.contact(e.getStartedAt(), e.getAttempt());
            draft.decided(Outcome.REFUSED, e.getAttempt(), e.getRefusedAt());
        } else if (event instanceof Released e) {
            int covered = e.getAttempts() == 0 ? Integer.MAX_VALUE : e.getAttempts();
            draft(drafts, e.getBroker()).decided(Outcome.RELEASED, covered, e.getReleasedAt());
        } else if (event instanceof NoticeConfirmed e) {
            draft(drafts, e.getBroker()).answered(Answer.of(e.getType(), e.getRequestId(), e.getConfirmedAt(), null));
        } else if (event instanceof NoticeRefused e) {
            draft(drafts, e.getBroker())
                    .answered(Answer.of(e.getType(), e.getRequestId(), e.getRefusedAt(), e.getGround()));
        }
    }

    private static RecipientDraft draft(Map<String, RecipientDraft> drafts, String broker) {
        return drafts.computeIfAbsent(broker, unused -> new RecipientDraft());
    }

    private static Recipient recipient(String id, RecipientDraft draft, Collection<DirectoryPublished> directories) {
        Optional<PublishedBroker> published = new TreeMap<>(directories.stream()
                        .collect(Collectors.toMap(
                                DirectoryPublished::getPublishedAt, version -> version, (one, other) -> other)))
                .descendingMap().values().stream()
                        .flatMap(version -> version.getBrokers().stream())
                        .filter(broker -> broker.getId().equals(id))
                        .findFirst();
        return new Recipient(
                id,
                published.map(PublishedBroker::getName).orElse(id),
                published.map(PublishedBroker::getPrivacyPolicy),
                draft.outcome,
                draft.contacts,
                Optional.ofNullable(draft.decidedAt),
                draft.answers);
    }

    /** One object. Ends with a line break. */
    public String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("signupId", signupId.toString());
        json.put("receivedAt", taken.receivedAt().toString());
        taken.policy().ifPresent(policy -> json.put("policy", policy));
        taken.categories().forEach(json.putArray("categories")::add);
        ArrayNode all = json.putArray("recipients");
        for (Recipient each : recipients) {
            ObjectNode one = all.addObject().put("id", each.id()).put("name", each.name());
            each.privacyPolicy().ifPresent(policy -> one.put("privacyPolicy", policy));
            one.put("outcome", each.outcome().name());
            ArrayNode contacts = one.putArray("contacts");
            each.contacts().forEach(at -> contacts.add(at.toString()));
            each.decidedAt().ifPresent(at -> one.put("decidedAt", at.toString()));
            each.toldOfWithdrawalAt().ifPresent(at -> one.put("toldOfWithdrawalAt", at.toString()));
            ArrayNode answers = one.putArray("answers");
            each.answers().forEach(answer -> json(answers.addObject(), answer));
        }
        ArrayNode asked = json.putArray("requests");
        requests.forEach(request -> json(asked.addObject(), request));
        withdrawnAt.ifPresent(at -> json.put("withdrawnAt", at.toString()));
        preservedUntil.ifPresent(until -> json.put("preservedUntil", until.toString()));
        purge.ifPresent(gone -> json.putObject("purge")
                .put("level", gone.level())
                .put("keyDestroyedAt", gone.keyDestroyedAt().toString())
                .put("confirmedAt", gone.confirmedAt().toString()));
        return json.put("readAt", readAt.toString()).toPrettyString() + "\n";
    }

    private static void json(ObjectNode json, Answer answer) {
        json.put("notice", answer.notice().name());
        answer.requestId().ifPresent(id -> json.put("requestId", id.toString()));
        json.put(
                answer.refusedFor().isPresent() ? "refusedAt" : "confirmedAt",
                answer.at().toString());
        answer.refusedFor().ifPresent(ground -> json.put("ground", ground.name()));
    }

    private static void json(ObjectNode json, LetterRequest request) {
        json.put("requestId", request.requestId().toString())
                .put("type", request.type().name());
        json.put("requestedAt", request.requestedAt().toString())
                .put("dueAt", request.dueAt().toString());
        request.decision()
                .ifPresent(decision -> json.put("decision", decision.outcome().name())
                        .put("decidedAt", decision.at().toString())
                        .put("ground", decision.ground().name()));
    }

    /** A self-contained page. */
    public String html(Wording words) {
        Sheet page = new Sheet(words.of("letter.title"));
        page.paragraph(words.of("letter.about", signupId, taken.receivedAt()));
        page.paragraph(taken.policy()
                .map(policy -> words.of("letter.ground.consent", policy))
                .orElse(words.of("letter.ground.message")));
        page.heading(words.of("letter.recipients"));
        if (recipients.isEmpty()) {
            page.paragraph(words.of("letter.nobody"));
        } else {
            page.table(
                    words.of("letter.recipients"),
                    List.of(
                            words.of("recipient"),
                            words.of("letter.outcome"),
                            words.of("letter.contacts"),
                            words.of("letter.told"),
                            words.of("letter.privacy-policy")),
                    recipients.stream().map(each -> row(each, words)).toList());
        }
        withdrawnAt.ifPresent(at -> page.paragraph(words.of("letter.withdrawn", at)));
        if (!requests.isEmpty()) {
            page.heading(words.of("letter.requests"));
            page.table(
                    words.of("letter.requests"),
                    List.of(
                            words.of("letter.request.right"),
                            words.of("letter.request.at"),
                            words.of("letter.request.due"),
                            words.of("letter.request.decision")),
                    requests.stream().map(request -> row(request, words)).toList());
        }
        page.heading(words.of("letter.here"));
        preservedUntil.ifPresent(until -> page.paragraph(words.of("letter.preserved", until)));
        page.paragraph(purge.map(gone -> words.of(
                        "letter.gone",
                        gone.keyDestroyedAt(),
                        words.of("PurgeLevel." + gone.level()),
                        gone.confirmedAt()))
                .orElse(words.of("letter.not-yet")));
        page.heading(words.of("limits")).paragraph(words.of("letter.not-said"));
        return page.html(words.language(), words.of("from-the-log", readAt));
    }

    private static List<String> row(Recipient each, Wording words) {
        return List.of(
                each.name().equals(each.id()) ? each.id() : each.name() + " (" + each.id() + ")",
                words.of(each.outcome()) + each.decidedAt().map(at -> ", " + at).orElse(""),
                each.contacts().stream().map(Instant::toString).collect(Collectors.joining(", ")),
                each.answers().stream().map(answer -> said(answer, words)).collect(Collectors.joining("; ")),
                each.privacyPolicy().orElse(""));
    }

    private static String said(Answer answer, Wording words) {
        String what = words.of(answer.notice());
        return answer.refusedFor()
                .map(ground -> words.of("letter.said.refused", what, answer.at(), words.of(ground)))
                .orElseGet(() -> words.of("letter.said.done", what, answer.at()));
    }

    private static List<String> row(LetterRequest request, Wording words) {
        return List.of(
                words.of(request.type()),
                request.requestedAt().toString(),
                request.dueAt().toString(),
                request.decision()
                        .map(decision -> words.of(
                                "letter.request.decided",
                                words.of(decision.outcome()),
                                decision.at(),
                                words.of(decision.ground())))
                        .orElse(""));
    }
}
