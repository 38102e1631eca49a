package org.brokerhandoff.ingest.accept;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ingest.domain.RightsDemand;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests as to a person's rights, and of what the operator does about them. */
public final class RightsParsers {
    /** New data is sealed and handed over as a signup is; that is not built. */
    private static final Set<RightsType> TAKEN = EnumSet.complementOf(EnumSet.of(RightsType.RECTIFICATION));

    private static final Set<RequestMethod> RECORDED_BY_WEBSITE =
            EnumSet.complementOf(EnumSet.of(RequestMethod.RECEIPT));

    private final Faults faults = new Faults();
    private @Nullable String first;
    private @Nullable String second;

    private RightsParsers() {}

    /**
     * Reads {@code type}, and {@code method}, which says how the request came if not on the website.
     *
     * @param byReceipt whether it comes with a receipt's capability; then that is how, and {@code method} may not say otherwise
     */
    public static Parsed<RightsDemand> request(byte[] body, int length, boolean byReceipt) {
        RightsParsers draft = new RightsParsers();
        if (!draft.read(body, length, "type", "method")) {
            return new Parsed.Malformed<>();
        }
        Optional<RightsType> type = draft.named("/type", draft.first, RightsType.class, TAKEN, "type-unknown");
        Set<RequestMethod> allowed = byReceipt ? EnumSet.of(RequestMethod.RECEIPT) : RECORDED_BY_WEBSITE;
        String method = draft.second;
        Optional<RequestMethod> how = method == null
                ? Optional.of(byReceipt ? RequestMethod.RECEIPT : RequestMethod.WEBSITE)
                : draft.named("/method", method, RequestMethod.class, allowed, "method-unknown");
        return draft.concluded(type.flatMap(what -> how.map(way -> new RightsDemand(what, way))));
    }

    /** Reads {@code decision} and {@code ground}, which have to fit each other. */
    public static Parsed<RightsRuling> decision(byte[] body, int length) {
        RightsParsers draft = new RightsParsers();
        if (!draft.read(body, length, "decision", "ground")) {
            return new Parsed.Malformed<>();
        }
        Optional<RequestDecision> decision = draft.named(
                "/decision",
                draft.first,
                RequestDecision.class,
                EnumSet.allOf(RequestDecision.class),
                "decision-unknown");
        Optional<RightsGround> ground = draft.named(
                "/ground", draft.second, RightsGround.class, EnumSet.allOf(RightsGround.class), "ground-unknown");
        if (decision.isPresent() && ground.isPresent() && !RightsRuling.fits(decision.get(), ground.get())) {
            draft.faults.add("/ground", "ground-unfit", "one that speaks for the decision");
        }
        return draft.concluded(decision.flatMap(what -> ground.map(why -> new RightsRuling(what, why))));
    }

    /** Reads {@code reason}. */
    public static Parsed<ExtensionReason> extension(byte[] body, int length) {
        RightsParsers draft = new RightsParsers();
        if (!draft.read(body, length, "reason", "")) {
            return new Parsed.Malformed<>();
        }
        return draft.concluded(draft.named(
                "/reason", draft.first, ExtensionReason.class, EnumSet.allOf(ExtensionReason.class), "reason-unknown"));
    }

    private boolean read(byte[] body, int length, String firstName, String secondName) {
        try (JsonCursor json = JsonCursor.open(body, length, faults)) {
            json.readBody(secondName.isEmpty() ? firstName : firstName + ", " + secondName, name -> {
                if (name.equals(firstName)) {
                    first = json.text("/" + firstName).orElse(null);
                } else if (name.equals(secondName) && !secondName.isEmpty()) {
                    second = json.text("/" + secondName).orElse(null);
                } else {
                    return false;
                }
                return true;
            });
            return true;
        } catch (JsonCursor.NotJson e) {
            return false;
        }
    }

    private <E extends Enum<E>> Optional<E> named(
            String pointer, @Nullable String text, Class<E> type, Set<E> allowed, String code) {
        if (text == null) {
            faults.add(pointer, "required", "is required");
            return Optional.empty();
        }
        Optional<E> found = WireNames.named(type, text).filter(allowed::contains);
        if (found.isEmpty()) {
            faults.add(pointer, code, "one of " + WireNames.all(allowed));
        }
        return found;
    }

    private <T> Parsed<T> concluded(Optional<T> value) {
        return faults.isEmpty() && value.isPresent()
                ? new Parsed.Valid<>(value.get())
                : new Parsed.Invalid<>(faults.list());
    }
}
