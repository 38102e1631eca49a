package org.brokerhandoff.router.deliver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.brokerhandoff.event.RightsGround;

/** The words of the contract about notices. Pure. */
public final class NoticeWords {
    /** By their names on the wire; that nothing speaks against a request is no reason to refuse it. */
    private static final Map<String, RightsGround> REASONS = Arrays.stream(RightsGround.values())
            .filter(ground -> ground != RightsGround.JUSTIFIED)
            .collect(Collectors.toUnmodifiableMap(NoticeWords::wireName, Function.identity()));

    private NoticeWords() {}

    /**
     * What a reply says; empty if it is none of the contract's. A refusal without a reason of the list is none: it could not be told to the
     * person why.
     */
    public static Optional<NoticeReply.State> state(String status, String reason) {
        return switch (status) {
            case "completed" -> Optional.of(new NoticeReply.Completed());
            case "pending" -> Optional.of(new NoticeReply.Pending());
            case "refused" -> Optional.ofNullable(REASONS.get(reason)).map(NoticeReply.Refused::new);
            default -> Optional.empty();
        };
    }

    /** A ground's name on the wire: {@code legal-claims}. */
    public static String wireName(RightsGround ground) {
        return ground.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
