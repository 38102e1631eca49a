package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** What the auditor decides from is what the router decided from: events say all of it. */
class RecordedInputTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final UUID SIGNUP = new UUID(7, 8);
    private static final Digest DIGEST = new Digest(new byte[32]);
    private static final Map<String, ExclusionReason> PASSED_OVER = Map.of("z", ExclusionReason.REFUSED_BEFORE);
    private static final List<BrokerLoad> LOADS = List.of(
            BrokerLoad.newBuilder()
                    .setBroker("a")
                    .setSuspended(true)
                    .setUnavailable(false)
                    .setHourlyPlaces(3)
                    .setDailyPlaces(null)
                    .build(),
            BrokerLoad.newBuilder()
                    .setBroker("b")
                    .setSuspended(false)
                    .setUnavailable(true)
                    .setHourlyPlaces(null)
                    .setDailyPlaces(5)
                    .build());
    private static final RoutingInput EXPECTED = new RoutingInput(
            SIGNUP,
            Purpose.BROKER_HANDOFF,
            "NO",
            Optional.of("nb"),
            List.of("a", "b", "z"),
            PASSED_OVER,
            Map.of("a", new Load(true, false, 3, 0), "b", new Load(false, true, 0, 5)),
            Facts.NOW);

    /** As it comes out of the log. */
    private static <T extends SpecificRecord> T read(T written) {
        Decoded decoded = CODEC.decode(CODEC.encode(written));
        assertThat(decoded).isInstanceOf(Decoded.Event.class);
        @SuppressWarnings("unchecked")
        T event = (T) ((Decoded.Event) decoded).event();
        return event;
    }

    private static PublishedBroker.Builder published(String id) {
        return PublishedBroker.newBuilder()
                .setId(id)
                .setName(id)
                .setPrivacyPolicy("https://" + id + ".example/privacy")
                .setCountries(List.of("NO", "SE"))
                .setLanguages(List.of("nb"))
                .setTransferCountries(List.of("CH"))
                .setPriority(2)
                .setWeight(3)
                .setStatus(BrokerStatus.ACTIVE);
    }

    @Test
    void an_assignment_says_what_it_was_decided_from() {
        Assigned event = Assigned.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setBroker("a")
                .setHop(1)
                .setDirectoryDigest(DIGEST)
                .setDecidedAt(Facts.NOW)
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("a", "b", "z"))
                .setCandidates(List.of())
                .setExclusions(List.of())
                .setLoads(LOADS)
                .setPurpose(Purpose.BROKER_HANDOFF)
                .build();
        assertThat(RoutingInput.of(read(event), PASSED_OVER)).isEqualTo(EXPECTED);
    }

    @Test
    void so_does_the_finding_that_no_broker_can_take_it() {
        Undeliverable event = Undeliverable.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setDecidedAt(Facts.NOW)
                .setReason(UndeliverableReason.NO_ELIGIBLE_BROKER)
                .setDirectoryDigest(DIGEST)
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("a", "b", "z"))
                .setExclusions(List.of())
                .setLoads(LOADS)
                .setPurpose(Purpose.BROKER_HANDOFF)
                .build();
        assertThat(RoutingInput.of(read(event), PASSED_OVER)).isEqualTo(EXPECTED);
    }

    @Test
    void so_does_the_finding_that_no_broker_can_take_it_now() {
        Postponed event = Postponed.newBuilder()
                .setSignupId(SignupIds.fixed(SIGNUP))
                .setDecidedAt(Facts.NOW)
                .setDirectoryDigest(DIGEST)
                .setPurpose(Purpose.BROKER_HANDOFF)
                .setCountry("NO")
                .setLanguage("nb")
                .setRecipients(List.of("a", "b", "z"))
                .setLoads(LOADS)
                .setExclusions(List.of())
                .build();
        assertThat(RoutingInput.of(read(event), PASSED_OVER)).isEqualTo(EXPECTED);
    }

    @Test
    void a_load_that_was_written_is_read_as_it_was_for_each_kind_of_cap() {
        for (int hourlyCap : new int[] {0, 10}) {
            for (int dailyCap : new int[] {0, 20}) {
                BrokerFacts broker = Facts.terms("a", RecipientKind.BROKER, hourlyCap, dailyCap, "UTC");
                Load load = new Load(false, true, hourlyCap == 0 ? 0 : 4, dailyCap == 0 ? 0 : 9);
                BrokerLoad event = load.event(broker);
                assertThat(Load.of(event)).isEqualTo(load);
                assertThat(event.getBroker()).isEqualTo("a");
                // Places under a cap that the broker does not have are no fact.
                assertThat(event.getHourlyPlaces()).isEqualTo(hourlyCap == 0 ? null : 4);
                assertThat(event.getDailyPlaces()).isEqualTo(dailyCap == 0 ? null : 9);
                assertThat(broker.capped()).isEqualTo(hourlyCap > 0 || dailyCap > 0);
            }
        }
    }

    @Test
    void a_published_broker_is_read_with_all_its_terms() {
        BrokerFacts facts = BrokerFacts.of(published("a")
                .setTransferDefault("EEA")
                .setKind(RecipientKind.HELPDESK)
                .setHourlyCap(10)
                .setDailyCap(100)
                .setZone("Europe/Oslo")
                .setHours(new org.brokerhandoff.event.OpeningHours("Europe/Oslo", List.of("Mon-Fri 08:00-18:00")))
                .setPing(true)
                .setExcludedIn(List.of("CH", "NO"))
                // The day on which the clocks of Oslo are put forward.
                .setAgreementValidUntil(LocalDate.of(2027, 3, 28))
                .build());
        assertThat(facts)
                .isEqualTo(new BrokerFacts(
                        "a",
                        RecipientKind.HELPDESK,
                        BrokerStatus.ACTIVE,
                        Set.of("NO", "SE"),
                        List.of("nb"),
                        true,
                        Set.of("CH"),
                        2,
                        3,
                        OptionalInt.of(10),
                        OptionalInt.of(100),
                        ZoneId.of("Europe/Oslo"),
                        Optional.of(OpeningHours.of("Europe/Oslo", List.of("Mon-Fri 08:00-18:00"))),
                        true,
                        Set.of("CH", "NO"),
                        Optional.of(Instant.parse("2027-03-28T22:00:00Z"))));
    }

    @Test
    void a_published_broker_without_terms_is_open_always_uncapped_and_transfers_only_where_it_says() {
        DirectoryPublished directory = DirectoryPublished.newBuilder()
                .setDigest(DIGEST)
                .setPublishedAt(Facts.NOW)
                .setBrokers(List.of(published("b").build(), published("a").build()))
                .build();
        List<BrokerFacts> brokers = BrokerFacts.of(read(directory));
        assertThat(brokers).extracting(BrokerFacts::id).containsExactly("b", "a");
        BrokerFacts facts = brokers.get(0);
        assertThat(facts.hasTransferBasis("CH")).isTrue();
        assertThat(facts.hasTransferBasis("NO")).isFalse();
        assertThat(facts.capped()).isFalse();
        assertThat(facts.zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(facts.openAt(Instant.parse("2026-11-29T03:00:00Z"))).isTrue();
        assertThat(facts.ping()).isFalse();
    }
}
