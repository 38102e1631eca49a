package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.trace.Said;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;

/** The page of one signup: its proof, then its life. */
final class SignupPages {
    private static final long SHORT_SECONDS = 10;

    private final Reader reader;
    private final Wording words;

    SignupPages(Reader reader) {
        this.reader = reader;
        this.words = reader.words();
    }

    String page(TimeLine timeLine, Proof proof) {
        LivePages pages = new LivePages(reader);
        return pages.page(
                words.of("live.one"),
                address(timeLine),
                Element.of("p").add(Blocks.link(reader.link("/"), words.of("live.overview"))),
                Element.of("p").add(Blocks.code(timeLine.signupId().toString())),
                proof(timeLine, proof),
                life(timeLine),
                pages.lookup());
    }

    private static String address(TimeLine timeLine) {
        return "/signup?id=" + timeLine.signupId();
    }

    private Element proof(TimeLine timeLine, Proof proof) {
        if (proof instanceof Proof.Complete complete) {
            return shown(
                    Mood.GOOD,
                    words.of("live.complete", words.number(complete.events())),
                    List.of(
                            Element.of(
                                    "p",
                                    words.of(
                                            "live.complete.as-of",
                                            words.time(complete.asOf()),
                                            words.number(complete.size()),
                                            complete.origin(),
                                            signed(complete))),
                            Element.of(
                                    "p",
                                    words.of(
                                            "live.complete.what",
                                            words.number(timeLine.entries().size())))));
        } else if (proof instanceof Proof.Contradicted contradicted) {
            return shown(Mood.BAD, words.of("live.contradicted"), List.of(why(contradicted.why())));
        } else if (proof instanceof Proof.None none) {
            return shown(Mood.PLAIN, words.of("live.not-proven"), List.of(why(none.why() + ".")));
        }
        return shown(
                        Mood.PLAIN,
                        words.of("live.pending"),
                        List.of(Element.of("p")
                                .text(words.of("live.pending.what") + " ")
                                .add(Blocks.link(reader.link(address(timeLine)), words.of("live.look-again")))))
                .with("data-pending", "");
    }

    private String signed(Proof.Complete complete) {
        return complete.level()
                .map(level -> words.of("live.signed." + level, String.join(", ", complete.cosigners())))
                .orElseGet(() -> words.of("live.signed.unknown"));
    }

    /** Reasons are the ledger's, in English, as in the log of an audit. */
    private static Element why(String reason) {
        return Element.of("p", reason).with("lang", "en");
    }

    private static Element shown(Mood mood, String headline, List<Element> under) {
        return Blocks.verdict(mood, headline, under).with("id", "proof").with("data-live", "");
    }

    private Element life(TimeLine timeLine) {
        Element list = Element.of("ol").as("timeline");
        Instant previous = null;
        for (TimeLine.Entry entry : timeLine.entries()) {
            list.add(entry(entry, previous == null ? "" : " (" + after(Duration.between(previous, entry.at())) + ")"));
            previous = entry.at();
        }
        return Element.of("section").add(Element.of("h2", words.of("live.life")), list);
    }

    private String after(Duration duration) {
        return duration.isNegative() ? words.of("live.before") : "+" + lasting(duration);
    }

    private String lasting(Duration duration) {
        return duration.toSeconds() < SHORT_SECONDS
                ? words.number(duration.toMillis()) + " ms"
                : words.duration(duration);
    }

    private Element entry(TimeLine.Entry entry, String delta) {
        Element item = Element.of("li")
                .add(
                        Element.of("h3", words.of("event." + entry.event())),
                        Element.of("time", entry.at().toString())
                                .with("datetime", entry.at().toString()),
                        Element.of("span", delta).as("note"));
        if (entry.repeat()) {
            item.text(" ").add(Blocks.badge(Mood.PLAIN, words.of("live.repeat")));
        }
        List<String> said = new ArrayList<>();
        entry.essentials().forEach((name, value) -> said.add(name(name) + ": " + said(value)));
        return item.add(
                Element.of("p", String.join(" · ", said)),
                Element.of("p")
                        .as("note")
                        .add(Blocks.code(entry.event()))
                        .text(", ")
                        .add(Blocks.code(entry.place())));
    }

    private String name(String essential) {
        return words.of("said." + essential.toLowerCase(Locale.ROOT).replace(' ', '-'));
    }

    private String said(Said value) {
        if (value instanceof Said.Named named) {
            return words.of(named.value());
        } else if (value instanceof Said.Worded worded) {
            return worded.values().stream().map(words::of).collect(Collectors.joining(", "));
        } else if (value instanceof Said.From from) {
            return words.of(from.who()) + ", " + words.country(from.country());
        } else if (value instanceof Said.Lasting lasting) {
            return lasting(lasting.duration());
        } else if (value instanceof Said.Agreed agreed) {
            return words.of(agreed.yes() ? "yes" : "no");
        } else if (value instanceof Said.Found found) {
            return words.of(found.found());
        } else if (value instanceof Said.PassedOver passedOver) {
            return passedOver.exclusions().stream()
                    .map(exclusion -> exclusion.getBroker() + " (" + words.of(exclusion.getReason()) + ")")
                    .collect(Collectors.joining(", "));
        } else if (value instanceof Said.InSync inSync) {
            return words.of("live.in-sync", inSync.inSync(), inSync.replicas());
        }
        // A time with its recorded precision, and language-independent values.
        return value.plain();
    }
}
