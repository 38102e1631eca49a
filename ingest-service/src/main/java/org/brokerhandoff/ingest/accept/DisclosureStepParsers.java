package org.brokerhandoff.ingest.accept;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of the steps of a request for disclosure: the question to the person, the answer, the decision. */
public final class DisclosureStepParsers {
    /** After more time the person has forgotten; most laws allow a month for an answer. */
    private static final Duration LONGEST_TO_ANSWER = Duration.ofDays(90);

    private static final Set<RequestMethod> RECORDED_BY_WEBSITE =
            EnumSet.complementOf(EnumSet.of(RequestMethod.RECEIPT));

    private final Faults faults = new Faults();
    private @Nullable String first;
    private @Nullable Boolean truth;

    private DisclosureStepParsers() {}

    /** Reads {@code answerBy}, until when the person may answer: after {@code now}, by 90 days at most. */
    public static Parsed<Instant> question(byte[] body, int length, Instant now) {
        DisclosureStepParsers draft = new DisclosureStepParsers();
        try (JsonCursor json = JsonCursor.open(body, length, draft.faults)) {
            json.readBody("answerBy", name -> {
                if (!name.equals("answerBy")) {
                    return false;
                }
                draft.first = json.text("/answerBy").orElse(null);
                return true;
            });
        } catch (JsonCursor.NotJson e) {
            return new Parsed.Malformed<>();
        }
        Optional<Instant> answerBy = draft.required("/answerBy", draft.first).flatMap(Timestamps::parse);
        if (draft.first != null && answerBy.isEmpty()) {
            draft.faults.add("/answerBy", "time-invalid", "a time of RFC 3339 with offset");
        } else if (answerBy.isPresent()
                && !(answerBy.get().isAfter(now) && !answerBy.get().isAfter(now.plus(LONGEST_TO_ANSWER)))) {
            draft.faults.add(
                    "/answerBy",
                    "time-out-of-range",
                    "in the future, by " + LONGEST_TO_ANSWER.toDays() + " days at most");
        }
        return draft.concluded(answerBy);
    }

    /**
     * Reads {@code consented}, and {@code method}, the channel of the answer if not the website.
     *
     * @param byReceipt whether a receipt's capability was presented; it then determines the method, and {@code method} may not contradict it
     */
    public static Parsed<DisclosureConsent> answer(byte[] body, int length, boolean byReceipt) {
        DisclosureStepParsers draft = new DisclosureStepParsers();
        try (JsonCursor json = JsonCursor.open(body, length, draft.faults)) {
            json.readBody("consented, method", name -> {
                switch (name) {
                    case "consented" -> draft.truth = json.truth("/consented").orElse(null);
                    case "method" -> draft.first = json.text("/method").orElse(null);
                    default -> {
                        return false;
                    }
                }
                return true;
            });
        } catch (JsonCursor.NotJson e) {
            return new Parsed.Malformed<>();
        }
        Set<RequestMethod> allowed = byReceipt ? EnumSet.of(RequestMethod.RECEIPT) : RECORDED_BY_WEBSITE;
        Optional<RequestMethod> method = draft.first == null
                ? Optional.of(byReceipt ? RequestMethod.RECEIPT : RequestMethod.WEBSITE)
                : WireNames.named(RequestMethod.class, draft.first).filter(allowed::contains);
        if (method.isEmpty()) {
            draft.faults.add("/method", "method-unknown", "one of " + WireNames.all(allowed));
        }
        Boolean consented = draft.truth;
        if (consented == null) {
            draft.faults.add("/consented", "required", "true or false");
        }
        return draft.concluded(
                consented == null ? Optional.empty() : method.map(how -> new DisclosureConsent(consented, how)));
    }

    /** Reads {@code decision} and {@code ground}, which must be consistent. */
    public static Parsed<DisclosureRuling> decision(byte[] body, int length) {
        Optional<NamedMembers> read = NamedMembers.read(body, length, List.of("decision", "ground"));
        if (read.isEmpty()) {
            return new Parsed.Malformed<>();
        }
        NamedMembers members = read.get();
        Optional<RequestDecision> decision = members.required("decision", RequestDecision.class, "decision-unknown");
        Optional<DisclosureGround> ground = members.required("ground", DisclosureGround.class, "ground-unknown");
        if (decision.isPresent() && ground.isPresent() && !DisclosureRuling.fits(decision.get(), ground.get())) {
            members.groundUnfit();
        }
        return members.concluded(decision.flatMap(what -> ground.map(why -> new DisclosureRuling(what, why))));
    }

    private Optional<String> required(String pointer, @Nullable String text) {
        if (text == null) {
            faults.add(pointer, "required", "is required");
        }
        return Optional.ofNullable(text);
    }

    private <T> Parsed<T> concluded(Optional<T> value) {
        return faults.isEmpty() && value.isPresent()
                ? new Parsed.Valid<>(value.get())
                : new Parsed.Invalid<>(faults.list());
    }
}
