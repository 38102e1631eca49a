package org.brokerhandoff.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which requests a page shows. It stands in the page's address.
 *
 * @param kind of this kind only, such as {@code handoff}; empty: of any
 * @param only {@code signature}: with a wrong signature; {@code trouble}: not answered as one that went well; empty: all
 */
record RequestFilter(String kind, String only) {
    static final Map<String, String> KINDS = new LinkedHashMap<>();
    static final Map<String, String> TROUBLES = new LinkedHashMap<>();

    static {
        KINDS.put("", "everything");
        KINDS.put("handoff", "handoffs");
        KINDS.put("notice", "notices");
        KINDS.put("ping", "pings");
        KINDS.put("question", "questions");
        KINDS.put("other", "other addresses");
        TROUBLES.put("", "any");
        TROUBLES.put("trouble", "not taken");
        TROUBLES.put("signature", "wrong signature");
    }

    /** What the parameters of an address ask for; empty if there is no such choice. */
    static Optional<RequestFilter> of(Function<String, Optional<String>> parameter) {
        RequestFilter asked = new RequestFilter(
                parameter.apply("kind").orElse(""), parameter.apply("only").orElse(""));
        return KINDS.containsKey(asked.kind) && TROUBLES.containsKey(asked.only)
                ? Optional.of(asked)
                : Optional.empty();
    }

    List<Exchange> of(List<Exchange> exchanges) {
        return exchanges.stream()
                .filter(exchange -> kind.isEmpty() || exchange.kind().equals(kind))
                .filter(this::troubled)
                .toList();
    }

    private boolean troubled(Exchange exchange) {
        return switch (only) {
            case "signature" -> exchange.signed() == Exchange.Signed.WRONG;
            case "trouble" -> !exchange.isTaken();
            default -> true;
        };
    }
}
