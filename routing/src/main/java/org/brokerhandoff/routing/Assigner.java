package org.brokerhandoff.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.schemas.CanaryBrokers;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Decides which broker gets a signup: among the eligible, the lowest priority number; among those, weighted rendezvous hashing
 * on the signup id. Adding or removing a broker therefore moves only the signups that it gains or loses. Pure and total.
 *
 * <p>The score is {@code -weight / ln(hash)}, after Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
 */
public final class Assigner {
    private static final double TWO_TO_53 = 0x1p53;

    private Assigner() {}

    /**
     * The decision for one signup.
     *
     * @param brokers the directory version to decide by, in its order
     */
    public static Decision decide(RoutingInput input, List<BrokerFacts> brokers) {
        List<BrokerFacts> candidates = new ArrayList<>();
        List<BrokerFacts> later = new ArrayList<>();
        List<Exclusion> exclusions = new ArrayList<>();
        boolean canary = input.purpose() == Purpose.BROKER_HANDOFF && CanaryBrokers.areAll(input.recipients());
        for (BrokerFacts broker : brokers) {
            Optional<ExclusionReason> lasting = lasting(broker, input, canary);
            Optional<ExclusionReason> reason = lasting.isPresent() ? lasting : passing(broker, input);
            if (reason.isEmpty()) {
                candidates.add(broker);
                continue;
            }
            exclusions.add(new Exclusion(broker.id(), reason.get()));
            if (lasting.isEmpty()) {
                later.add(broker);
            }
        }
        if (!candidates.isEmpty()) {
            return new Decision.Assign(choice(input.signupId(), candidates), candidates, exclusions);
        } else if (input.purpose() == Purpose.RECTIFICATION
                && input.passedOver().isEmpty()) {
            // Only the holder can take it, and it has not refused: it is not in the directory now.
            return new Decision.Wait(Optional.empty(), exclusions);
        } else if (!later.isEmpty()) {
            return new Decision.Wait(until(later, input), exclusions);
        }
        return new Decision.NoBroker(
                input.passedOver().isEmpty() ? UndeliverableReason.NO_ELIGIBLE_BROKER : UndeliverableReason.ALL_REFUSED,
                exclusions);
    }

    /** The first rule that excludes the broker for good. The order of the rules is part of the decision that is replayed. */
    private static Optional<ExclusionReason> lasting(BrokerFacts broker, RoutingInput input, boolean canary) {
        if (!input.recipients().contains(broker.id())) {
            return Optional.of(ExclusionReason.NOT_IN_CONSENT);
        }
        if (input.purpose() == Purpose.RECTIFICATION) {
            // It has the earlier data, so it is told, whether or not it would take a signup now (Art. 19 GDPR).
            return Optional.ofNullable(input.passedOver().get(broker.id()));
        }
        boolean helpdesk = input.purpose() == Purpose.HELPDESK;
        if (helpdesk != (broker.kind() == RecipientKind.HELPDESK)) {
            return Optional.of(ExclusionReason.OTHER_PURPOSE);
        }
        // No person goes to a broker under test, not even one whose consent names it, and no canary to any other.
        if (CanaryBrokers.isOne(broker.id()) != canary
                || broker.status() != CanaryBrokers.receivingStatus(broker.id())) {
            return Optional.of(ExclusionReason.PAUSED);
        }
        if (broker.agreementEnded(input.decidedAt())) {
            return Optional.of(ExclusionReason.AGREEMENT_EXPIRED);
        }
        // Who writes to the helpdesk is not asked where they live.
        if (!helpdesk || !input.country().equals(RoutingInput.UNKNOWN_COUNTRY)) {
            if (!broker.serves(input.country())) {
                return Optional.of(ExclusionReason.COUNTRY_NOT_SERVED);
            }
            if (broker.excludedIn().contains(input.country())) {
                return Optional.of(ExclusionReason.EXCLUDED_IN_COUNTRY);
            }
            if (!broker.speaks(input.language())) {
                return Optional.of(ExclusionReason.LANGUAGE_NOT_SERVED);
            }
            if (!broker.hasTransferBasis(input.country())) {
                return Optional.of(ExclusionReason.NO_TRANSFER_BASIS);
            }
        }
        return Optional.ofNullable(input.passedOver().get(broker.id()));
    }

    /** The first rule that excludes the broker for now. */
    private static Optional<ExclusionReason> passing(BrokerFacts broker, RoutingInput input) {
        Load load = input.load(broker.id());
        if (input.purpose() == Purpose.RECTIFICATION) {
            // Hours and caps are for signups, and notices have their own address.
            return Optional.empty();
        } else if (!broker.openAt(input.decidedAt())) {
            return Optional.of(ExclusionReason.CLOSED);
        } else if (load.suspended()) {
            return Optional.of(ExclusionReason.SUSPENDED);
        } else if (load.unavailable()) {
            return Optional.of(ExclusionReason.UNAVAILABLE);
        } else if (broker.hourFull(load) || broker.dayFull(load)) {
            return Optional.of(ExclusionReason.CAP_REACHED);
        }
        return Optional.empty();
    }

    private static BrokerFacts choice(UUID signupId, List<BrokerFacts> candidates) {
        int priority = candidates.stream().mapToInt(BrokerFacts::priority).min().getAsInt();
        return candidates.stream()
                .filter(broker -> broker.priority() == priority)
                .max(Comparator.comparingDouble((BrokerFacts broker) -> score(signupId, broker))
                        .thenComparing(BrokerFacts::id))
                .get();
    }

    /** When the first of {@code brokers} may take it, if that is known of all of them. */
    private static Optional<Instant> until(List<BrokerFacts> brokers, RoutingInput input) {
        Optional<Instant> first = Optional.empty();
        for (BrokerFacts broker : brokers) {
            Optional<Instant> may = mayTakeAt(broker, input.load(broker.id()), input.decidedAt());
            if (may.isEmpty()) {
                // When a broker that is down will be back is unknown: it may be the next moment.
                return Optional.empty();
            }
            if (first.isEmpty() || may.get().isBefore(first.get())) {
                first = may;
            }
        }
        return first;
    }

    private static Optional<Instant> mayTakeAt(BrokerFacts broker, Load load, Instant now) {
        if (broker.openAt(now) && (load.suspended() || load.unavailable())) {
            return Optional.empty();
        }
        CapWindow window = CapWindow.at(now, broker.zone());
        Instant free = now;
        if (broker.dayFull(load)) {
            free = window.dayEnd();
        } else if (broker.hourFull(load)) {
            free = window.hourEnd();
        }
        return broker.hours().isEmpty()
                ? Optional.of(free)
                : broker.hours().get().opening(free);
    }

    /** {@code StrictMath}, since an auditor's JVM has to come to the same last bit. */
    private static double score(UUID signupId, BrokerFacts broker) {
        return -broker.weight() / StrictMath.log(uniform(signupId, broker.id()));
    }

    /** In the open interval (0, 1): the first 53 bits of SHA-256(signup id, broker id), moved by half a step. */
    private static double uniform(UUID signupId, String brokerId) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(SignupIds.bytes(signupId));
            sha256.update(brokerId.getBytes(StandardCharsets.UTF_8));
            long bits = ByteBuffer.wrap(sha256.digest()).getLong() >>> 11;
            return (bits + 0.5) / TWO_TO_53;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
