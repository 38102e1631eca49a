package org.brokerhandoff.audit.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.routing.RoutingInput;
import org.brokerhandoff.schemas.EventId;

/**
 * Whether decisions were made from what the person consented to: purpose, recipients, country. Take every event of one partition of {@code
 * handoffs} and {@code consents}; the order between the two does not matter.
 *
 * <p>The language in a decision is the person's, that in a consent the notice's, so the two are not compared.
 */
public final class InputCheck {
    private final Map<UUID, List<Inputs>> decided = new HashMap<>();
    private final Map<UUID, Inputs> granted = new HashMap<>();
    private final Map<Inputs, Inputs> shared = new HashMap<>();

    private record Inputs(Purpose purpose, String country, List<String> recipients) {
        @Override
        public String toString() {
            return purpose + ", " + country + ", " + String.join(" ", recipients);
        }
    }

    /** A decision whose inputs differ from the consent, or message. */
    public record Deviation(UUID signupId, String expected, String actual) {}

    /** Takes one event. */
    public void take(SpecificRecord event) {
        Optional<UUID> signup = EventId.signup(event);
        if (signup.isEmpty()) {
            return;
        }
        if (event instanceof ConsentGranted consent) {
            // The first counts: that repeats agree is a separate rule.
            granted.putIfAbsent(
                    signup.get(),
                    share(new Inputs(
                            consent.getPurposes().contains(Purpose.BROKER_HANDOFF)
                                    ? Purpose.BROKER_HANDOFF
                                    : Purpose.HELPDESK,
                            consent.getJurisdiction(),
                            consent.getRecipients())));
        } else if (event instanceof ContactReceived message) {
            granted.putIfAbsent(
                    signup.get(),
                    share(new Inputs(
                            message.getConcerns() == null ? Purpose.HELPDESK : Purpose.RECTIFICATION,
                            RoutingInput.UNKNOWN_COUNTRY,
                            List.copyOf(message.getRecipients()))));
        } else if (event instanceof Assigned || event instanceof Postponed || event instanceof Undeliverable) {
            RoutingInput input = DecisionReplay.input(event, Map.of());
            decided.computeIfAbsent(signup.get(), id -> new ArrayList<>(1))
                    .add(share(new Inputs(input.purpose(), country(input), input.recipients())));
        }
    }

    /** For new data the country is the person's, and its evidence has none: it does not affect the recipient. */
    private static String country(RoutingInput input) {
        return input.purpose() == Purpose.RECTIFICATION ? RoutingInput.UNKNOWN_COUNTRY : input.country();
    }

    private Inputs share(Inputs inputs) {
        return shared.computeIfAbsent(inputs, same -> same);
    }

    /** The deviating decisions. One without consent or message is covered by a separate rule. */
    public List<Deviation> deviations() {
        List<Deviation> found = new ArrayList<>();
        decided.forEach((signup, all) -> {
            Inputs expected = granted.get(signup);
            all.stream()
                    .distinct()
                    .filter(actual -> expected != null && !actual.equals(expected))
                    .forEach(actual -> found.add(new Deviation(signup, String.valueOf(expected), actual.toString())));
        });
        return found;
    }
}
