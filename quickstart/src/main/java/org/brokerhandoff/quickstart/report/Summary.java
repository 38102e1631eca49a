package org.brokerhandoff.quickstart.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.brokerhandoff.quickstart.observe.Life;

/**
 * The outcome of a run.
 *
 * @param sent valid signups sent
 * @param accepted signups answered with 202
 * @param messagesSent messages to the helpdesk sent
 * @param messagesEnded messages that the helpdesk has and that are purged
 * @param refusedInput invalid requests that were refused
 * @param invalidSent invalid requests sent
 * @param ends how the accepted signups ended, each once
 * @param withdrawnAfterDelivery of the delivered, those whose consent was withdrawn; their broker is told
 * @param purgesByReason purges by their reason
 * @param purgesByLevel purges by the level claimed
 * @param stages times of each stage
 * @param filesSearched files searched for people
 * @param bytesSearched bytes searched for people
 * @param textsSearched texts searched for, each in all its forms
 * @param peopleFound people of whom something was found
 * @param auditPassed the verdict of the audit
 * @param auditText the verdict in words
 * @param decisions decisions that were made again
 * @param replayEqual whether each was the same
 * @param replayText the report in words
 */
public record Summary(
        int sent,
        int accepted,
        int messagesSent,
        long messagesEnded,
        int refusedInput,
        int invalidSent,
        Ends ends,
        long withdrawnAfterDelivery,
        Map<String, Long> purgesByReason,
        Map<String, Long> purgesByLevel,
        Map<String, Stage> stages,
        int filesSearched,
        long bytesSearched,
        int textsSearched,
        int peopleFound,
        boolean auditPassed,
        String auditText,
        long decisions,
        boolean replayEqual,
        String replayText) {

    /** Purges of accepted signups. */
    public long purged() {
        return purgesByReason.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether the promise was kept, as far as this run can tell. */
    public boolean kept() {
        return accepted == sent
                && purged() == accepted
                && ends.total() == accepted
                && messagesEnded == messagesSent
                && refusedInput == invalidSent
                && peopleFound == 0
                && auditPassed
                && replayEqual;
    }

    /** Withdrawals of signups that a broker has. */
    public static long withdrawnAfterDelivery(Collection<Life> lives) {
        return lives.stream()
                .filter(life ->
                        life.withdrawal().isPresent() && life.delivered().isPresent())
                .count();
    }

    /** Purges by reason. */
    public static Map<String, Long> purgesByReason(Collection<Life> lives) {
        return count(lives.stream()
                .flatMap(life -> life.purged().stream())
                .map(purged -> purged.getReason().name())
                .toList());
    }

    /** Purges by level. */
    public static Map<String, Long> purgesByLevel(Collection<Life> lives) {
        return count(lives.stream()
                .flatMap(life -> life.purged().stream())
                .map(purged -> purged.getLevel().name())
                .toList());
    }

    private static Map<String, Long> count(List<String> names) {
        return names.stream().collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    /**
     * The summary for people.
     *
     * @param coloured whether to use ANSI colours
     */
    public String text(boolean coloured) {
        StringBuilder text = new StringBuilder();
        row(text, "signups accepted", accepted + " of " + sent + ", of which");
        ends.rows().forEach((name, count) -> text.append(String.format(Locale.ROOT, "    %-30s %6d\n", name, count)));
        text.append(String.format(
                Locale.ROOT,
                "    %-30s %6s\n",
                "together",
                verdict(ends.total() == accepted, String.format(Locale.ROOT, "%6d", ends.total()), coloured)));
        if (withdrawnAfterDelivery > 0) {
            row(
                    text,
                    "withdrawn after delivery",
                    withdrawnAfterDelivery + "  (among the delivered; the broker is told)");
        }
        row(text, "messages to the helpdesk", messagesEnded + " of " + messagesSent + " delivered and purged");
        row(text, "refused input", refusedInput + " of " + invalidSent + " invalid requests");
        row(
                text,
                "purged",
                verdict(purged() == accepted, purged() + " of " + accepted, coloured) + "  " + purgesByLevel);
        row(
                text,
                "people found in files",
                verdict(peopleFound == 0, String.valueOf(peopleFound), coloured) + "  (" + textsSearched
                        + " texts in all their forms, " + filesSearched + " files, " + bytesSearched / 1024 + " KiB)");
        text.append("\n  stage                               p50          p99\n");
        stages.forEach((name, stage) -> text.append(String.format(
                Locale.ROOT, "  %-28s %7d ms   %7d ms\n", name, stage.medianMillis(), stage.percentile99Millis())));
        text.append("\n  audit verify: ")
                .append(verdict(auditPassed, auditPassed ? "passed" : "FAILED", coloured))
                .append('\n');
        if (!auditPassed) {
            text.append(auditText).append('\n');
        }
        text.append("  audit replay: ")
                .append(verdict(
                        replayEqual,
                        replayEqual ? "all " + decisions + " decisions came out the same" : "DIFFERENT",
                        coloured))
                .append('\n');
        if (!replayEqual) {
            text.append(replayText).append('\n');
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-28s %s\n", name, value));
    }

    private static String verdict(boolean good, String words, boolean coloured) {
        return coloured ? (good ? "\u001b[32m" : "\u001b[31m") + words + "\u001b[0m" : words;
    }

    /** The summary for machines, as values for a JSON object. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("sent", sent);
        members.put("accepted", accepted);
        members.put("messagesSent", messagesSent);
        members.put("messagesEnded", messagesEnded);
        members.put("refusedInput", refusedInput);
        members.put("ends", ends.members());
        members.put("withdrawnAfterDelivery", withdrawnAfterDelivery);
        members.put("purged", purged());
        members.put("purgesByReason", purgesByReason);
        members.put("purgesByLevel", purgesByLevel);
        members.put("peopleFound", peopleFound);
        members.put("filesSearched", filesSearched);
        members.put("bytesSearched", bytesSearched);
        members.put("stages", stages);
        members.put("auditPassed", auditPassed);
        members.put("decisions", decisions);
        members.put("replayEqual", replayEqual);
        members.put("kept", kept());
        return members;
    }
}
