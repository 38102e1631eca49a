package org.brokerhandoff.sandbox;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The text form of behaviours, for the command line and for changes of a running broker: clauses separated by commas, each {@code
 * WHAT[:ARGUMENT][@SHARE]}. The first clause that applies to an arrival decides; without one, it is accepted.
 */
final class BehaviourText {
    /** For {@code --help} and the guide. */
    static final String CLAUSES =
            "accept, refuse[:COUNTRY], conflict, STATUS[:RETRY-AFTER], delay:MS, late-reply:MS, drop, drop-reply, slow:MS-PER-BYTE,"
                    + " huge:BYTES, endless, malformed, redirect[:URL]";

    private static final URI PRIVATE_ADDRESS = URI.create("http://169.254.169.254/latest/meta-data");

    private BehaviourText() {}

    /**
     * Parses the reactions to handoffs.
     *
     * @param seed the seed from which each clause derives its own for its share
     * @throws IllegalArgumentException if it is invalid; the message says why
     */
    static Behaviour handoffs(String text, long seed) {
        Behaviour behaviour = Behaviour.accepting();
        long clauseSeed = seed;
        for (String clause : clauses(text)) {
            behaviour = behaviour.otherwise(clause(clause, clauseSeed++));
        }
        return behaviour;
    }

    /** Parses the reactions to notices: {@code complete}, {@code pending:QUESTIONS}, {@code refuse:REASON}, {@code silent}, or {@code STATUS[:TIMES]}. */
    static NoticeBehaviour notices(String text) {
        String what = before(text.strip(), ':');
        Optional<String> argument = after(text.strip(), ':');
        return switch (what) {
            case "complete" -> NoticeBehaviour.completing();
            case "silent" -> NoticeBehaviour.silent();
            case "refuse" -> NoticeBehaviour.refusing(argument.orElse("legal-obligation"));
            case "pending" -> NoticeBehaviour.pending((int) number(argument.orElse("1"), 1_000));
            default ->
                NoticeBehaviour.failing(
                        status(what),
                        argument.map(times -> (int) number(times, Integer.MAX_VALUE))
                                .orElse(Integer.MAX_VALUE));
        };
    }

    /** Parses the answer to pings: {@code accept}, {@code reject}, {@code silent} or {@code 503}. */
    static PingBehaviour pings(String text) {
        return PingBehaviour.always(
                switch (text.strip()) {
                    case "accept" -> PingBehaviour.Reaction.ACCEPT;
                    case "reject" -> PingBehaviour.Reaction.REJECT;
                    case "silent" -> PingBehaviour.Reaction.SILENCE;
                    case "503" -> PingBehaviour.Reaction.FAIL;
                    default -> throw new IllegalArgumentException("pings: accept, reject, silent or 503");
                });
    }

    /** Parses the answer to polls: {@code answer} or {@code 503}. */
    static boolean questions(String text) {
        return switch (text.strip()) {
            case "answer" -> true;
            case "503" -> false;
            default -> throw new IllegalArgumentException("questions: answer or 503");
        };
    }

    private static List<String> clauses(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(clause -> !clause.isEmpty())
                .toList();
    }

    private static Behaviour clause(String clause, long seed) {
        int at = clause.lastIndexOf('@');
        String what = at < 0 ? clause : clause.substring(0, at);
        double share = at < 0 ? 1 : share(clause.substring(at + 1));
        String word = before(what, ':');
        Optional<String> argument = after(what, ':');
        if (word.equals("refuse") && argument.isPresent()) {
            return Behaviour.refusing(Set.of(argument.get()));
        } else if (word.equals("refuse")) {
            // By signup: a refused one is refused at every arrival.
            return Behaviour.refusing(share, seed);
        }
        Reaction reaction = reaction(word, argument);
        return Behaviour.accepting().when(facts -> Draw.below(share, seed, facts.total()), Behaviour.always(reaction));
    }

    private static Reaction reaction(String word, Optional<String> argument) {
        return switch (word) {
            case "accept" -> Reaction.accept();
            case "conflict" -> new Reaction.Refuse(409, "not wanted at present");
            case "drop" -> new Reaction.DropConnection();
            case "drop-reply" -> new Reaction.AcceptThenDropReply();
            case "endless" -> new Reaction.AcceptWithEndlessReply();
            case "malformed" -> Reaction.acceptWithMalformedJson();
            case "delay" -> new Reaction.Delay(millis(argument), Reaction.accept());
            case "late-reply" -> new Reaction.AcceptThenReplyLate(millis(argument));
            case "slow" -> new Reaction.AcceptWithSlowReply(millis(argument));
            case "huge" -> new Reaction.AcceptWithHugeReply(number(argument.orElse(""), Long.MAX_VALUE / 2));
            case "redirect" ->
                new Reaction.Redirect(307, argument.map(BehaviourText::uri).orElse(PRIVATE_ADDRESS));
            // Retry-After verbatim, so that nonsense can be sent too.
            default -> new Reaction.Fail(status(word), argument);
        };
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("redirect: not an address");
        }
    }

    private static Duration millis(Optional<String> argument) {
        return Duration.ofMillis(number(argument.orElse(""), 86_400_000));
    }

    private static long number(String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("a whole number from 0 to " + most + " was expected, not \"" + text + "\"");
    }

    private static double share(String text) {
        try {
            double share = Double.parseDouble(text);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("a share is from 0 to 1, not \"" + text + "\"");
    }

    private static int status(String text) {
        if (text.matches("[2-5][0-9][0-9]")) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("no such behaviour: \"" + text + "\"; the behaviours are " + CLAUSES);
    }

    private static String before(String text, char separator) {
        int at = text.indexOf(separator);
        return at < 0 ? text : text.substring(0, at);
    }

    private static Optional<String> after(String text, char separator) {
        int at = text.indexOf(separator);
        return at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
    }
}
