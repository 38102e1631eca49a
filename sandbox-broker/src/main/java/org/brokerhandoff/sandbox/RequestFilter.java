package org.brokerhandoff.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which requests a page shows. Part of the page's address.
 *
 * @param kind only this kind, such as {@code handoff}; empty: any
 * @param only {@code signature}: with a wrong signature; {@code trouble}: without success; empty: all
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

    /** The filter in an address's parameters; empty if a value is unknown. */
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
