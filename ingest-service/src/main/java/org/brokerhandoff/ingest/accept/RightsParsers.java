package org.brokerhandoff.ingest.accept;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ingest.domain.RightsDemand;
import org.brokerhandoff.ingest.domain.RightsRuling;

/** Reads the bodies of people's requests, and of the operator's steps about them. */
public final class RightsParsers {
    private static final Set<RequestMethod> RECORDED_BY_WEBSITE =
            EnumSet.complementOf(EnumSet.of(RequestMethod.RECEIPT));

    private RightsParsers() {}

    /**
     * A request.
     *
     * @param person the new data of a rectification; its holder wipes it
     */
    public record Asked(RightsDemand demand, Optional<CorrectedPerson> person) {}

    /**
     * Reads {@code type}, {@code method}, the channel of the request if not the website, and for a rectification {@code person}.
     *
     * @param byReceipt whether a receipt's capability was presented; it then determines the method, and {@code method} may not contradict it
     */
    public static Parsed<Asked> request(byte[] body, int length, boolean byReceipt, ExtraMembers extraMembers) {
        Set<RequestMethod> allowed = byReceipt ? EnumSet.of(RequestMethod.RECEIPT) : RECORDED_BY_WEBSITE;
        return NamedMembers.read(body, length, List.of("type", "method"), Optional.of(extraMembers))
                .map(members -> members.concluded(asked(members, allowed, byReceipt)))
                .orElseGet(Parsed.Malformed::new);
    }

    private static Optional<Asked> asked(NamedMembers members, Set<RequestMethod> allowed, boolean byReceipt) {
        Optional<RightsType> type = members.required("type", RightsType.class, "type-unknown");
        Optional<CorrectedPerson> person = type.flatMap(known -> members.person(known == RightsType.RECTIFICATION));
        Optional<RequestMethod> method = members.has("method")
                ? members.required("method", RequestMethod.class, allowed, "method-unknown")
                : Optional.of(byReceipt ? RequestMethod.RECEIPT : RequestMethod.WEBSITE);
        return type.flatMap(what -> method.map(way -> new Asked(new RightsDemand(what, way), person)));
    }

    /** Reads {@code decision} and {@code ground}, which must be consistent. */
    public static Parsed<RightsRuling> decision(byte[] body, int length) {
        return parsed(body, length, List.of("decision", "ground"), members -> {
            Optional<RequestDecision> decision =
                    members.required("decision", RequestDecision.class, "decision-unknown");
            Optional<RightsGround> ground = members.required("ground", RightsGround.class, "ground-unknown");
            if (decision.isPresent() && ground.isPresent() && !RightsRuling.fits(decision.get(), ground.get())) {
                members.groundUnfit();
            }
            return decision.flatMap(what -> ground.map(why -> new RightsRuling(what, why)));
        });
    }

    /** Reads {@code reason}. */
    public static Parsed<ExtensionReason> extension(byte[] body, int length) {
        return parsed(
                body,
                length,
                List.of("reason"),
                members -> members.required("reason", ExtensionReason.class, "reason-unknown"));
    }

    private static <T> Parsed<T> parsed(
            byte[] body, int length, List<String> names, Function<NamedMembers, Optional<T>> value) {
        return NamedMembers.read(body, length, names)
                .map(members -> members.concluded(value.apply(members)))
                .orElseGet(Parsed.Malformed::new);
    }
}
