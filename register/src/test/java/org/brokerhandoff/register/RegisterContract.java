package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a register says of signups, messages, brokers and policies, with any database. */
@Execution(ExecutionMode.CONCURRENT)
abstract class RegisterContract extends DatabaseContract {
    @Test
    void a_purge_is_overdue_from_the_promised_time_on_until_it_is_projected() {
        try (Register register = Register.open(empty())) {
            UUID held = Events.signupId();
            UUID purged = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(held));
            apply(register, Topic.CONSENTS, Events.granted(purged));
            apply(register, Topic.PURGES, Events.purged(purged, PurgeReason.DELIVERED));
            // Without a projected consent, no promise is known.
            apply(register, Topic.PURGES, Events.purged(Events.signupId(), PurgeReason.INVALID));
            Instant promised = register.status(held).orElseThrow().eraseBy();

            assertThat(register.overduePurges(promised)).isZero();
            assertThat(register.overduePurges(promised.plusMillis(1))).isOne();
            apply(register, Topic.PURGES, Events.purged(held, PurgeReason.EXPIRED));
            assertThat(register.overduePurges(promised.plusMillis(1))).isZero();
        }
    }

    @Test
    void each_event_shows_in_the_status() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            assertThat(register.status(id)).isEmpty();

            apply(register, Topic.CONSENTS, Events.granted(id));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.RECEIVED);
                assertThat(status.consent()).hasValue(Events.recorded());
                assertThat(status.broker()).isEmpty();
            });

            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.ASSIGNED);
                assertThat(status.broker().map(HoldingBroker::id)).contains("fjord-markets");
            });

            apply(register, Topic.HANDOFFS, Events.refused(id, "fjord-markets"));
            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.RECEIVED);
                assertThat(status.broker()).isEmpty();
            });

            apply(register, Topic.HANDOFFS, Events.undeliverable(id));
            assertThat(register.status(id))
                    .get()
                    .extracting(SignupStatus::state)
                    .isEqualTo(SignupState.UNDELIVERABLE);

            apply(register, Topic.PURGES, Events.purged(id, PurgeReason.UNDELIVERABLE));
            assertThat(register.status(id))
                    .get()
                    .extracting(status -> status.purge().map(PurgeStatus::reason))
                    .isEqualTo(Optional.of(PurgeReason.UNDELIVERABLE));
        }
    }

    @Test
    void a_repeated_fact_changes_nothing_even_if_it_says_otherwise() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            apply(register, Topic.HANDOFFS, Events.delivered(id, "fjord-markets"));
            apply(register, Topic.PURGES, Events.purged(id, PurgeReason.DELIVERED));
            apply(register, Topic.CONSENTS, Events.withdrawn(id));
            String before = export(register);

            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(id))
                            .setFormDigest(null)
                            .setLanguage("en")
                            .setEraseBy(Events.NOON)
                            .build());
            apply(register, Topic.HANDOFFS, Events.assigned(id, "nordlys-invest", 0));
            apply(register, Topic.HANDOFFS, Events.delivered(id, "nordlys-invest"));
            apply(
                    register,
                    Topic.PURGES,
                    Purged.newBuilder(Events.purged(id, PurgeReason.EXPIRED))
                            .setPurgedAt(Events.NOON)
                            .build());
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentWithdrawn.newBuilder(Events.withdrawn(id))
                            .setWithdrawnAt(Events.NOON)
                            .build());

            // The assignment of a second broker is a separate fact: two routers may have decided, and it may have the
            // data.
            String secondAssignment = "assignment\tsignup_id=" + id + "\tbroker=nordlys-invest\tassigned_at="
                    + Events.NOON.plusSeconds(1) + "\n";
            assertThat(export(register)).contains(secondAssignment);
            assertThat(export(register).replace(secondAssignment, "")).isEqualTo(before);
        }
    }

    @Test
    void a_consent_without_form_or_recipients_is_read_back_as_it_was() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(id))
                            .setFormDigest(null)
                            .setRecipients(List.of())
                            .build());

            assertThat(register.status(id))
                    .get()
                    .extracting(status -> status.consent().orElseThrow())
                    .satisfies(consent -> {
                        assertThat(consent.formDigest()).isEmpty();
                        assertThat(consent.recipients()).isEmpty();
                    });
        }
    }

    @Test
    void the_owner_of_a_signup_is_that_of_its_first_event_and_may_be_missing_in_one_of_an_earlier_version() {
        try (Register register = Register.open(empty())) {
            UUID owned = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(owned));
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(owned))
                            .setOwner("somebody-else")
                            .build());
            UUID earlier = Events.signupId();
            apply(
                    register,
                    Topic.CONSENTS,
                    ConsentGranted.newBuilder(Events.granted(earlier))
                            .setOwner(null)
                            .build());

            assertThat(register.status(owned).orElseThrow().owner()).contains("website-1");
            assertThat(register.status(earlier).orElseThrow().owner()).isEmpty();
        }
    }

    @Test
    void a_contact_message_has_a_status_and_no_consent() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            ContactReceived message = new ContactReceived(
                    SignupIds.fixed(id),
                    Events.NOON,
                    Events.NOON.plusSeconds(3600),
                    List.of(Purpose.HELPDESK),
                    List.of(DataCategory.CORRESPONDENCE),
                    List.of("helpdesk"),
                    "website-2",
                    null,
                    null);
            EventBatch batch = new EventBatch();
            batch.add(Topic.CONSENTS, new Decoded.Event(message));
            batch.add(Topic.HANDOFFS, new Decoded.Event(Events.assigned(id, "helpdesk", 0)));
            apply(register, batch);
            apply(register, Topic.CONSENTS, message);

            assertThat(register.status(id)).get().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SignupState.ASSIGNED);
                assertThat(status.receivedAt()).isEqualTo(Events.NOON);
                assertThat(status.eraseBy()).isEqualTo(Events.NOON.plusSeconds(3600));
                assertThat(status.consent()).isEmpty();
                assertThat(status.owner()).contains("website-2");
            });
        }
    }

    @Test
    void a_broker_is_called_what_the_newest_directory_calls_it() {
        try (Register register = Register.open(empty())) {
            UUID id = Events.signupId();
            apply(register, Topic.CONSENTS, Events.granted(id));
            apply(register, Topic.HANDOFFS, Events.assigned(id, "fjord-markets", 0));
            assertThat(register.status(id).orElseThrow().broker()).contains(unnamed("fjord-markets"));

            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON.plusSeconds(2), "fjord-markets", "Fjord New"));
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON, "fjord-markets", "Fjord Old"));
            // The newest directory does not have it.
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON.plusSeconds(3), "nordlys-invest", "Nordlys"));

            assertThat(register.status(id).orElseThrow().broker())
                    .contains(new HoldingBroker(
                            "fjord-markets",
                            "Fjord New",
                            Optional.of("https://fjord-markets.example/privacy"),
                            Optional.of("https://fjord-markets.example/cookies"),
                            Optional.of("help@fjord-markets.example")));
        }
    }

    @Test
    void the_newest_choice_of_cookies_holds_and_a_refusal_always_does() {
        UUID visitor = UUID.randomUUID();
        try (Register register = Register.open(empty())) {
            assertThat(choice(register, visitor)).isEmpty();
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0, CookieKind.ANALYTICS));
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 1, CookieKind.NECESSARY));
            assertThat(choice(register, visitor)).contains(List.of(CookieKind.NECESSARY));
            // A late repeat of a request.
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0, CookieKind.ANALYTICS));
            assertThat(choice(register, visitor)).contains(List.of(CookieKind.NECESSARY));
            apply(register, Topic.CONSENTS, Events.cookieChoice(visitor, 0));
            assertThat(choice(register, visitor)).contains(List.of());
            apply(register, Topic.CONSENTS, Events.cookieChoice(UUID.randomUUID(), 5, CookieKind.ANALYTICS));
            assertThat(choice(register, visitor)).contains(List.of());
            assertThat(export(register))
                    .contains("cookie_choice\tvisitor_id=" + visitor + "\towner=website\taccepted=\tmethod=BANNER");
        }
    }

    private static Optional<List<CookieKind>> choice(Register register, UUID visitor) {
        return register.past(PassedEnds.all(List.of()), view -> view.cookieChoice(visitor, "website"))
                .map(PresentCookieChoice::accepted);
    }

    @Test
    void policies_are_listed_by_version_and_the_first_of_a_version_stays() {
        try (Register register = Register.open(empty())) {
            PolicyPublished second = Events.policy("2026-12-01", "second", Events.NOON);
            PolicyPublished first = Events.policy("2026-11-01", "first", Events.NOON);
            apply(register, Topic.CONSENTS, second);
            apply(register, Topic.CONSENTS, Events.policy("2026-11-01", "changed", Events.NOON.plusSeconds(1)));
            apply(register, Topic.CONSENTS, first);

            assertThat(register.policies())
                    .containsExactly(
                            new PublishedPolicy(
                                    DocumentKind.PRIVACY,
                                    "2026-11-01",
                                    "nb",
                                    Digests.sha256("first"),
                                    Events.NOON.plusSeconds(3600),
                                    Events.NOON),
                            new PublishedPolicy(
                                    DocumentKind.PRIVACY,
                                    "2026-12-01",
                                    "nb",
                                    Digests.sha256("second"),
                                    Events.NOON.plusSeconds(3600),
                                    Events.NOON));
        }
    }

    @Test
    void versions_of_another_kind_of_document_are_rows_of_their_own() {
        try (Register register = Register.open(empty())) {
            for (DocumentKind kind : DocumentKind.values()) {
                apply(
                        register,
                        Topic.CONSENTS,
                        PolicyPublished.newBuilder(Events.policy("2026-11-01", kind.name(), Events.NOON))
                                .setKind(kind)
                                .setActor("admin-1")
                                .build());
            }

            assertThat(register.policies())
                    .extracting(PublishedPolicy::kind, PublishedPolicy::digest)
                    .containsExactlyInAnyOrder(
                            tuple(DocumentKind.PRIVACY, Digests.sha256("PRIVACY")),
                            tuple(DocumentKind.COOKIES, Digests.sha256("COOKIES")),
                            tuple(DocumentKind.TERMS, Digests.sha256("TERMS")));
        }
    }

    @Test
    void services_that_start_together_find_one_set_of_tables() throws Exception {
        RegisterSettings settings = empty();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Register>> opening = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opening.add(threads.submit(() -> Register.open(settings)));
            }
            for (Future<Register> opened : opening) {
                try (Register register = opened.get(60, TimeUnit.SECONDS)) {
                    assertThat(register.policies()).isEmpty();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void the_export_keeps_a_line_a_line() {
        try (Register register = Register.open(empty())) {
            apply(register, Topic.HANDOFFS, Events.directory(Events.NOON, "fjord-markets", "Fjord\\\n\tMarkets"));

            assertThat(export(register).lines())
                    .contains(
                            "broker\tid=fjord-markets\tname=Fjord\\\\\\u000a\\u0009Markets"
                                    + "\tprivacy_policy=https://fjord-markets.example/privacy\tpublished_at=2026-11-22T12:00:00Z"
                                    + "\tdirectory_digest="
                                    + Digests.hex(Digests.sha256("fjord-marketsFjord\\\n\tMarkets"))
                                    + "\tcookie_policy=https://fjord-markets.example/cookies\tcontact=help@fjord-markets.example");
        }
    }
}
