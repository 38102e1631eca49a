package org.brokerhandoff.ingest.accept;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.event.WithdrawalMethod;
import org.jspecify.annotations.Nullable;

/** Reads the body of a withdrawal: nothing, or {@code method}, the channel of the withdrawal if not the website. */
public final class WithdrawalParser {
    private static final String KNOWN = "method";
    /** The others are set by this system itself. */
    private static final Set<WithdrawalMethod> STATED = EnumSet.of(
            WithdrawalMethod.WEBSITE_REQUEST,
            WithdrawalMethod.E_MAIL,
            WithdrawalMethod.TELEPHONE,
            WithdrawalMethod.LETTER,
            WithdrawalMethod.HELPDESK);

    private final Faults faults = new Faults();
    private @Nullable String method;

    private WithdrawalParser() {}

    /**
     * Reads the first {@code length} bytes of {@code body}.
     *
     * @param usual default method
     */
    public static ParsedWithdrawal parse(byte[] body, int length, WithdrawalMethod usual) {
        if (length == 0) {
            return new ParsedWithdrawal.Valid(usual);
        }
        WithdrawalParser draft = new WithdrawalParser();
        try (JsonCursor json = JsonCursor.open(body, length, draft.faults)) {
            json.readBody(KNOWN, name -> {
                boolean known = name.equals(KNOWN);
                if (known) {
                    draft.method = json.text("/method").orElse(null);
                }
                return known;
            });
        } catch (JsonCursor.NotJson e) {
            return new ParsedWithdrawal.Malformed();
        }
        return draft.check(usual);
    }

    private ParsedWithdrawal check(WithdrawalMethod usual) {
        Optional<WithdrawalMethod> how = method == null
                ? Optional.of(usual)
                : WireNames.named(WithdrawalMethod.class, method).filter(STATED::contains);
        if (how.isEmpty()) {
            faults.add("/method", "method-unknown", "website-request, e-mail, telephone, letter or helpdesk");
        }
        return faults.isEmpty() && how.isPresent()
                ? new ParsedWithdrawal.Valid(how.get())
                : new ParsedWithdrawal.Invalid(faults.list());
    }
}
