package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** The page of one signup: its proof, then its life. */
final class SignupPages {
    private SignupPages() {}

    static String page(TimeLine timeLine, Proof proof) {
        return LivePages.page(
                "One registration",
                Element.of("p").add(Blocks.link("/", "Overview")),
                Element.of("p").add(Blocks.code(timeLine.signupId().toString())),
                proof(timeLine, proof),
                life(timeLine),
                LivePages.lookup());
    }

    private static Element proof(TimeLine timeLine, Proof proof) {
        long distinct = timeLine.entries().size();
        if (proof instanceof Proof.Complete complete) {
            String covered = "complete: " + complete.events() + " of " + complete.events();
            return shown(Blocks.verdict(
                    Mood.GOOD,
                    covered,
                    List.of(
                            Element.of(
                                    "p",
                                    "As of " + LivePages.time(complete.asOf()) + ", checkpoint " + complete.size()
                                            + " of " + complete.origin() + "; " + complete.signed() + "."),
                            Element.of(
                                    "p",
                                    "The log has no other event of this id up to there: its partition was computed anew and"
                                            + " compared with the ledger. Shown below: " + distinct
                                            + ", with what came later and what its purge rests on."))));
        } else if (proof instanceof Proof.Contradicted contradicted) {
            return shown(
                    Blocks.verdict(Mood.BAD, "The ledger does not hold", List.of(Element.of("p", contradicted.why()))));
        } else if (proof instanceof Proof.None none) {
            return shown(Blocks.verdict(
                    Mood.PLAIN, "Not proven to be complete", List.of(Element.of("p", none.why() + "."))));
        }
        return shown(Blocks.verdict(
                        Mood.PLAIN,
                        "The proof is being computed",
                        List.of(Element.of("p")
                                .text("Its partition is read from the first record on. ")
                                .add(Blocks.link("/signup?id=" + timeLine.signupId(), "Look again")))))
                .with("data-pending", "");
    }

    private static Element shown(Element verdict) {
        return verdict.with("id", "proof").with("data-live", "");
    }

    private static Element life(TimeLine timeLine) {
        Element list = Element.of("ol").as("timeline");
        Instant previous = null;
        for (TimeLine.Entry entry : timeLine.entries()) {
            list.add(entry(entry, previous == null ? "" : after(Duration.between(previous, entry.at()))));
            previous = entry.at();
        }
        return Element.of("section").add(Element.of("h2", "Its life, by the log"), list);
    }

    private static String after(Duration duration) {
        if (duration.isNegative()) {
            return " (before, by another clock)";
        }
        return duration.toSeconds() < 10
                ? " (+" + duration.toMillis() + " ms)"
                : " (+" + LivePages.duration(duration) + ")";
    }

    private static Element entry(TimeLine.Entry entry, String delta) {
        Element item = Element.of("li")
                .add(
                        Element.of("h3", entry.event()),
                        Element.of("time", entry.at().toString())
                                .with("datetime", entry.at().toString()),
                        Element.of("span", delta).as("note"));
        if (entry.repeat()) {
            item.text(" ").add(Blocks.badge(Mood.PLAIN, "published again"));
        }
        String essentials =
                entry.essentials().entrySet().stream().map(SignupPages::said).collect(Collectors.joining(" · "));
        return item.add(
                Element.of("p", essentials),
                Element.of("p").as("note").text("at ").add(Blocks.code(entry.place())));
    }

    private static String said(Map.Entry<String, String> essential) {
        return essential.getKey() + ": " + essential.getValue();
    }

    /** For an id of which the log has nothing. */
    static String unknown(UUID id) {
        return LivePages.error(
                404,
                "Nothing in the log is about " + id,
                "Check the id; the website has it from the answer to the registration.");
    }
}
