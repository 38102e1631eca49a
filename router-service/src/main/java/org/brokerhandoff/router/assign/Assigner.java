package org.brokerhandoff.router.assign;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Decides which broker gets a signup: among the eligible, the lowest priority number; among those, weighted rendezvous hashing
 * on the signup id. Adding or removing a broker therefore moves only the signups that it gains or loses.
 *
 * <p>The score is {@code -weight / ln(hash)}, after Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
 */
public final class Assigner {
    private static final double TWO_TO_53 = 0x1p53;

    private Assigner() {}

    /**
     * The decision for one signup.
     *
     * @param signupId the signup
     * @param country country of residence
     * @param language language, if given
     * @param recipients brokers the consent covers
     * @param passedOver brokers that are not asked again, and why
     * @param directory the directory version to decide by
     */
    public static Decision decide(
            UUID signupId,
            String country,
            Optional<String> language,
            List<String> recipients,
            Map<String, ExclusionReason> passedOver,
            BrokerDirectory directory) {
        List<Broker> candidates = new ArrayList<>();
        List<Exclusion> exclusions = new ArrayList<>();
        for (Broker broker : directory.brokers()) {
            Optional<ExclusionReason> reason = exclusion(broker, country, language, recipients, passedOver);
            if (reason.isPresent()) {
                exclusions.add(new Exclusion(broker.id(), reason.get()));
            } else {
                candidates.add(broker);
            }
        }
        if (candidates.isEmpty()) {
            return new Decision.NoBroker(
                    passedOver.isEmpty() ? UndeliverableReason.NO_ELIGIBLE_BROKER : UndeliverableReason.ALL_REFUSED,
                    exclusions);
        }
        int priority = candidates.stream().mapToInt(Broker::priority).min().getAsInt();
        Broker choice = candidates.stream()
                .filter(broker -> broker.priority() == priority)
                .max(Comparator.comparingDouble((Broker broker) -> score(signupId, broker))
                        .thenComparing(Broker::id))
                .get();
        return new Decision.Assign(choice, candidates, exclusions);
    }

    /** The first rule that excludes the broker. The order of the rules is part of the decision that an auditor replays. */
    private static Optional<ExclusionReason> exclusion(
            Broker broker,
            String country,
            Optional<String> language,
            List<String> recipients,
            Map<String, ExclusionReason> passedOver) {
        if (!recipients.contains(broker.id())) {
            return Optional.of(ExclusionReason.NOT_IN_CONSENT);
        }
        if (broker.status() != Broker.Status.ACTIVE) {
            return Optional.of(ExclusionReason.PAUSED);
        }
        if (!broker.serves(country)) {
            return Optional.of(ExclusionReason.COUNTRY_NOT_SERVED);
        }
        if (!broker.speaks(language)) {
            return Optional.of(ExclusionReason.LANGUAGE_NOT_SERVED);
        }
        if (!broker.hasTransferBasis(country)) {
            return Optional.of(ExclusionReason.NO_TRANSFER_BASIS);
        }
        return Optional.ofNullable(passedOver.get(broker.id()));
    }

    /** {@code StrictMath}, since an auditor's JVM has to come to the same last bit. */
    private static double score(UUID signupId, Broker broker) {
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
