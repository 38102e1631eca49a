package org.brokerhandoff.routing;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The input of a decision, besides the directory.
 *
 * @param signupId the signup
 * @param purpose what the person consented to
 * @param country country of residence; {@link #UNKNOWN_COUNTRY} if it was not requested
 * @param language language, if given
 * @param recipients brokers the consent covers
 * @param passedOver brokers that are skipped, and why
 * @param loads states of brokers; one that is missing is {@link Load#NONE}
 * @param decidedAt the decision's clock
 */
public record RoutingInput(
        UUID signupId,
        Purpose purpose,
        String country,
        Optional<String> language,
        List<String> recipients,
        Map<String, ExclusionReason> passedOver,
        Map<String, Load> loads,
        Instant decidedAt) {
    /** Of ISO 3166-1's user-assigned codes: messages to the helpdesk do not ask for a country. */
    public static final String UNKNOWN_COUNTRY = "ZZ";

    /** Copies the collections. */
    public RoutingInput {
        recipients = List.copyOf(recipients);
        passedOver = Map.copyOf(passedOver);
        loads = Map.copyOf(loads);
    }

    /**
     * What an assignment says that it was decided from.
     *
     * @param passedOver by the events before it in the log: see {@link PassedOverRules}
     */
    public static RoutingInput of(Assigned event, Map<String, ExclusionReason> passedOver) {
        return new RoutingInput(
                SignupIds.uuid(event.getSignupId()),
                event.getPurpose(),
                event.getCountry(),
                Optional.ofNullable(event.getLanguage()),
                event.getRecipients(),
                passedOver,
                loads(event.getLoads()),
                event.getDecidedAt());
    }

    /** As {@link #of(Assigned, Map)}, of the finding that no broker can take it. */
    public static RoutingInput of(Undeliverable event, Map<String, ExclusionReason> passedOver) {
        return new RoutingInput(
                SignupIds.uuid(event.getSignupId()),
                event.getPurpose(),
                event.getCountry(),
                Optional.ofNullable(event.getLanguage()),
                event.getRecipients(),
                passedOver,
                loads(event.getLoads()),
                event.getDecidedAt());
    }

    /** As {@link #of(Assigned, Map)}, of the finding that no broker can take it now. */
    public static RoutingInput of(Postponed event, Map<String, ExclusionReason> passedOver) {
        return new RoutingInput(
                SignupIds.uuid(event.getSignupId()),
                event.getPurpose(),
                event.getCountry(),
                Optional.ofNullable(event.getLanguage()),
                event.getRecipients(),
                passedOver,
                loads(event.getLoads()),
                event.getDecidedAt());
    }

    private static Map<String, Load> loads(List<BrokerLoad> events) {
        Map<String, Load> loads = new HashMap<>();
        events.forEach(load -> loads.put(load.getBroker(), Load.of(load)));
        return loads;
    }

    /** The state of {@code broker}. */
    public Load load(String broker) {
        return loads.getOrDefault(broker, Load.NONE);
    }
}
