package org.brokerhandoff.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.audit.verify.Standing;
import org.brokerhandoff.audit.verify.Standing.Asked;
import org.brokerhandoff.audit.verify.Standing.Destroyed;
import org.brokerhandoff.audit.verify.Standing.Disclosure;
import org.brokerhandoff.audit.verify.Standing.Promise;
import org.brokerhandoff.audit.verify.Standing.State;
import org.brokerhandoff.audit.verify.Standing.Withdrawn;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.Topic;

/** Signups as an audit judges them, and the figures of many. */
final class SampleFigures {
    static final Instant NOW = Instant.parse("2026-11-28T13:00:00Z");
    static final Duration HOLD = Duration.ofHours(24);

    private SampleFigures() {}

    static UUID id(long number) {
        return new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
    }

    /** Taken in {@code age} ago, and nothing more. */
    static Standing taken(UUID id, Duration age) {
        Instant receivedAt = NOW.minus(age);
        return new Standing(
                id,
                false,
                Optional.of(new Promise(receivedAt, receivedAt.plus(HOLD), Optional.empty())),
                Optional.of("NO"),
                Optional.empty(),
                List.of(),
                Set.of(),
                Set.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    /** Delivered to {@code broker} and purged, at the highest level after {@code took}. */
    static Standing delivered(UUID id, String country, String broker, Duration took) {
        Standing taken = taken(id, Duration.ofDays(2));
        Instant at = taken.promise().orElseThrow().receivedAt();
        return new Standing(
                id,
                false,
                taken.promise(),
                Optional.of(country),
                Optional.of(new Destroyed(
                        PurgeLevel.ERASED,
                        at.plus(took.dividedBy(40)),
                        Optional.of(at.plus(took.dividedBy(8))),
                        at.plus(took))),
                List.of(broker),
                Set.of(broker),
                Set.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    static Standing with(Standing signup, Withdrawn withdrawn) {
        return new Standing(
                signup.signupId(),
                signup.message(),
                signup.promise(),
                signup.country(),
                signup.destroyed(),
                signup.assigned(),
                signup.accepted(),
                signup.refused(),
                Optional.of(withdrawn),
                signup.requests(),
                signup.disclosures());
    }

    static Standing asking(Standing signup, List<Asked> requests, List<Disclosure> disclosures) {
        return new Standing(
                signup.signupId(),
                signup.message(),
                signup.promise(),
                signup.country(),
                signup.destroyed(),
                signup.assigned(),
                signup.accepted(),
                signup.refused(),
                signup.withdrawn(),
                requests,
                disclosures);
    }

    /** A log of some thousand signups with everything that a report shows. */
    static Figures many() {
        Figures figures = new Figures(NOW);
        Random random = new Random(1);
        List<String> countries = List.of("NO", "NO", "NO", "SE", "SE", "DK", "FI", "DE");
        for (int i = 0; i < 5000; i++) {
            String broker = random.nextInt(3) == 0 ? Life.NORDLYS : Life.FJORD;
            figures.judged(delivered(
                    id(i), countries.get(random.nextInt(countries.size())), broker, Duration.ofMillis((long)
                            (2000 + Math.exp(random.nextGaussian() * 1.2 + 10)))));
        }
        for (int i = 0; i < 15; i++) {
            figures.judged(taken(id(10_000 + i), Duration.ofMinutes(3 + 90L * i)));
        }
        figures.judged(taken(id(11_000), Duration.ofHours(26)));
        Standing delivered = delivered(id(12_000), "SE", Life.FJORD, Duration.ofSeconds(40));
        figures.judged(with(delivered, new Withdrawn(NOW.minusSeconds(600), false, State.OPEN)));
        figures.judged(with(
                delivered(id(12_001), "SE", Life.FJORD, Duration.ofSeconds(40)),
                new Withdrawn(NOW.minusSeconds(6000), false, State.DONE)));
        figures.judged(with(
                delivered(id(12_002), "NO", Life.FJORD, Duration.ofSeconds(40)),
                new Withdrawn(NOW.minusSeconds(90_000), false, State.ESCALATED)));
        figures.judged(
                with(taken(id(12_003), Duration.ofHours(1)), new Withdrawn(NOW.minusSeconds(60), true, State.DONE)));
        figures.judged(asking(
                delivered(id(13_000), "NO", Life.NORDLYS, Duration.ofSeconds(30)),
                List.of(
                        new Asked(id(20_000), RightsType.ERASURE, NOW.plusSeconds(86_400), State.OPEN),
                        new Asked(id(20_001), RightsType.OBJECTION, NOW.minusSeconds(86_400), State.ESCALATED),
                        new Asked(id(20_002), RightsType.ACCESS, NOW.minusSeconds(86_400), State.DONE)),
                List.of(
                        new Disclosure(id(21_000), DisclosureBasis.CONSENT, true, State.REFUSED),
                        new Disclosure(id(21_001), DisclosureBasis.COURT_ORDER, false, State.OPEN))));
        figures.read(Records.of(Topic.HANDOFFS, 0, directory()));
        Life life = new Life(id(1), 0, NOW.minusSeconds(200_000));
        Assigned assigned = Assigned.newBuilder(life.assigned(Life.NORDLYS, 0, 10))
                .setExclusions(List.of(new Exclusion(Life.FJORD, ExclusionReason.CAP_REACHED)))
                .build();

        for (int i = 0; i < 40; i++) {
            figures.read(Records.of(Topic.HANDOFFS, 0, assigned));
        }
        return figures;
    }

    static DirectoryPublished directory() {
        return Life.directory(
                Life.broker(Life.FJORD, 1)
                        .setName("Fjord <Markets> AS")
                        .setEstablishedIn("NO")
                        .setRole(RecipientRole.CONTROLLER)
                        .setAgreementTitle("Controller agreement 2026")
                        .setAgreementValidUntil(LocalDate.of(2027, 12, 31))
                        .setTransferDefault("EEA")
                        .build(),
                Life.broker(Life.NORDLYS, 1)
                        .setName("Nordlys Invest AB")
                        .setEstablishedIn("SE")
                        .setRole(RecipientRole.CONTROLLER)
                        .setAgreementValidUntil(LocalDate.of(2026, 12, 20))
                        .build());
    }
}
