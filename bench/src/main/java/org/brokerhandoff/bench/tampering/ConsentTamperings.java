package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Forger.plain;
import static org.brokerhandoff.bench.tampering.Tampering.found;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.brokerhandoff.bench.tampering.Forger.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.Digests;

/** Faults in what people were shown, consented to and withdrew. */
final class ConsentTamperings {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final BiPredicate<ConsentGranted, Life> DELIVERED = plain();

    private ConsentTamperings() {}

    static List<Tampering> all() {
        return List.of(
                found("consent-before-handoff", "no consent", f -> f.remove(ConsentGranted.class, DELIVERED)),
                found(
                        "consent-before-handoff",
                        "a consent that was received after the handoff",
                        f -> consent(f, e -> e.setReceivedAt(e.getReceivedAt().plus(HOUR)))),
                found(
                        "consent-before-handoff",
                        "no message, and the helpdesk has it",
                        f -> f.remove(ContactReceived.class, any())),
                found(
                        "consent-covers-handoff",
                        "a consent without the purpose",
                        f -> consent(f, e -> e.setPurposes(List.of()))),
                found(
                        "recipient-in-consent",
                        "a consent without the broker that has the data",
                        f -> f.change(ConsentGranted.class, DELIVERED, e -> {
                            String has = f.life(e)
                                    .first(Delivered.class)
                                    .orElseThrow()
                                    .getBroker();
                            return ConsentGranted.newBuilder(e)
                                    .setRecipients(others(e.getRecipients(), has))
                                    .build();
                        })),
                found(
                        "recipient-in-consent",
                        "a message to another recipient than the one who got it",
                        f -> f.change(
                                ContactReceived.class,
                                (e, life) -> !e.getRecipients().contains("steady"),
                                e -> ContactReceived.newBuilder(e)
                                        .setRecipients(List.of("steady"))
                                        .build())),
                found(
                        "broker-published",
                        "a consent to a broker that no directory has",
                        f -> consent(f, e -> {
                            List<String> more = new ArrayList<>(e.getRecipients());
                            more.add("nobody-knows");
                            e.setRecipients(more);
                        })),
                found(
                        "policy-published",
                        "a consent to another text",
                        f -> consent(f, e -> e.setNoticeDigest(Digests.sha256("another text")))),
                found(
                        "policy-published",
                        "a consent to a version that was never published",
                        f -> consent(f, e -> e.setPolicyVersion("2020-01-01"))),
                found(
                        "policy-published",
                        "a consent to a text in another language",
                        f -> consent(f, e -> e.setLanguage("de"))),
                found(
                        "policy-published",
                        "no policy",
                        f -> f.removeAll(PolicyPublished.class, (e, life) -> e.getKind() == DocumentKind.PRIVACY)),
                found(
                        "policy-published",
                        "a policy that came into effect a year later",
                        f -> policy(f, e -> e.setEffectiveAt(e.getEffectiveAt().plus(Duration.ofDays(365))))),
                found(
                        "policy-published",
                        "a policy that was already superseded",
                        f -> f.add(
                                PolicyPublished.class,
                                (e, life) -> e.getKind() == DocumentKind.PRIVACY,
                                e -> PolicyPublished.newBuilder(e)
                                        .setVersion("newer-1")
                                        .setEffectiveAt(e.getEffectiveAt().plusMillis(1))
                                        .setPublishedAt(e.getPublishedAt().minus(HOUR))
                                        .setDigest(Digests.sha256("newer"))
                                        .build())),
                found(
                        "consent-dated",
                        "a consent given long after it was received",
                        f -> consent(f, e -> e.setGivenAt(e.getReceivedAt().plus(HOUR)))),
                found(
                        "hold-bounded",
                        "a promise of a month",
                        f -> consent(f, e -> e.setEraseBy(e.getReceivedAt().plus(Duration.ofDays(30))))),
                found(
                        "purged-in-time",
                        "a promise that was shorter than the hold",
                        f -> consent(f, e -> e.setEraseBy(e.getReceivedAt().plusMillis(1)))),
                found(
                        "inputs-as-consented",
                        "a consent of another country of residence",
                        f -> f.change(
                                ConsentGranted.class,
                                DELIVERED,
                                e -> ConsentGranted.newBuilder(e)
                                        .setJurisdiction(e.getJurisdiction().equals("IS") ? "LI" : "IS")
                                        .build())),
                found(
                        "inputs-as-consented",
                        "a consent to one more recipient than decisions were made for",
                        f -> f.change(
                                ConsentGranted.class,
                                (e, life) -> DELIVERED.test(e, life)
                                        && !e.getRecipients().contains("choosy"),
                                e -> {
                                    List<String> more = new ArrayList<>(e.getRecipients());
                                    more.add("choosy");
                                    return ConsentGranted.newBuilder(e)
                                            .setRecipients(more)
                                            .build();
                                })),
                found(
                        "purge-reason",
                        "no withdrawal, and the purge says that there was one",
                        f -> f.remove(
                                ConsentWithdrawn.class,
                                (e, life) -> e.getOutcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF)),
                found(
                        "no-attempt-after-withdrawal",
                        "a withdrawal before the handoff, of a signup that a broker has",
                        f -> f.add(
                                ConsentGranted.class,
                                DELIVERED,
                                e -> withdrawn(
                                        e,
                                        f.life(e)
                                                .first(Assigned.class)
                                                .orElseThrow()
                                                .getDecidedAt(),
                                        0))),
                found(
                        "no-attempt-after-withdrawal",
                        "a withdrawal that found no attempt, an hour before",
                        f -> f.change(
                                ConsentWithdrawn.class,
                                (e, life) -> e.getOutcome() == WithdrawalOutcome.HANDOFF_STARTED
                                        && life.has(Delivered.class),
                                e -> ConsentWithdrawn.newBuilder(e)
                                        .setAttempts(0)
                                        .setWithdrawnAt(e.getWithdrawnAt().minus(HOUR))
                                        .build())),
                found("withdrawal-notified", "the broker was never told of a withdrawal", f -> untold(f)),
                found(
                        "notice-confirmed-after-sent",
                        "a broker confirms what it was never told",
                        f -> f.removeAll(
                                NoticeSent.class,
                                (e, life) -> e.getType() == NoticeType.WITHDRAWAL && life.has(Delivered.class))),
                found(
                        "notice-to-holder",
                        "another broker was told of a withdrawal",
                        f -> f.change(
                                NoticeSent.class,
                                (e, life) -> e.getType() == NoticeType.WITHDRAWAL && life.has(Delivered.class),
                                e -> NoticeSent.newBuilder(e)
                                        .setBroker("helpdesk")
                                        .build())),
                found(
                        "cookie-policy-published",
                        "cookies accepted under another text",
                        f -> cookies(f, e -> e.setDocumentDigest(Digests.sha256("another")))),
                found(
                        "cookie-policy-published",
                        "cookies accepted under no text",
                        f -> cookies(f, e -> e.setDocumentDigest(null))),
                found(
                        "cookie-policy-published",
                        "no cookie policy",
                        f -> f.removeAll(PolicyPublished.class, (e, life) -> e.getKind() == DocumentKind.COOKIES)),
                found(
                        "cookie-choice-dated",
                        "cookies accepted after the choice was recorded",
                        f -> cookies(f, e -> e.setChosenAt(e.getRecordedAt().plusMillis(1)))),
                found("directory-published", "no broker directory", f -> f.removeAll(DirectoryPublished.class, any())),
                found(
                        "directory-digest",
                        "a broker has another legal entity under the same digest",
                        f -> f.change(DirectoryPublished.class, any(), e -> {
                            List<PublishedBroker> brokers = new ArrayList<>(e.getBrokers());
                            brokers.set(
                                    0,
                                    PublishedBroker.newBuilder(brokers.get(0))
                                            .setName("Another AS")
                                            .build());
                            return DirectoryPublished.newBuilder(e)
                                    .setBrokers(brokers)
                                    .build();
                        })));
    }

    private static Optional<Forgery> consent(Forger forger, Consumer<ConsentGranted.Builder> change) {
        return forger.change(ConsentGranted.class, DELIVERED, e -> {
            ConsentGranted.Builder builder = ConsentGranted.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    private static Optional<Forgery> policy(Forger forger, Consumer<PolicyPublished.Builder> change) {
        return forger.change(PolicyPublished.class, (e, life) -> e.getKind() == DocumentKind.PRIVACY, e -> {
            PolicyPublished.Builder builder = PolicyPublished.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    private static Optional<Forgery> cookies(Forger forger, Consumer<CookieChoice.Builder> change) {
        return forger.change(CookieChoice.class, (e, life) -> e.getDocumentDigest() != null, e -> {
            CookieChoice.Builder builder = CookieChoice.newBuilder(e);
            change.accept(builder);
            return builder.build();
        });
    }

    /** Both what was sent and what was answered are omitted: another rule would find an answer alone. */
    private static Optional<Forgery> untold(Forger forger) {
        return forger.first(NoticeConfirmed.class, (e, life) -> e.getType() == NoticeType.WITHDRAWAL)
                .flatMap(found -> forger.removeAll(
                                NoticeConfirmed.class,
                                (e, life) ->
                                        e.getSignupId().equals(found.event().getSignupId()))
                        .flatMap(once -> new Forger(once.log())
                                .removeAll(
                                        NoticeSent.class,
                                        (e, life) -> e.getSignupId()
                                                .equals(found.event().getSignupId()))));
    }

    private static ConsentWithdrawn withdrawn(ConsentGranted consent, Instant at, int attempts) {
        return new ConsentWithdrawn(
                consent.getSignupId(),
                at,
                consent.getWithdrawalMethod(),
                WithdrawalOutcome.ERASED_BEFORE_HANDOFF,
                attempts,
                consent.getOwner());
    }

    private static List<String> others(List<String> all, String without) {
        return all.stream().filter(each -> !each.equals(without)).toList();
    }
}
