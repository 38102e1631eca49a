package org.brokerhandoff.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;
import org.brokerhandoff.pages.Mood;
import org.brokerhandoff.pages.Page;

/** The page of a broker: arrivals, their signatures and answers, and how to change the broker's behaviour. Never personal data. */
final class SandboxPages {
    static final String SCRIPT = "/renew.js";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MOST_ROWS = 50;

    private SandboxPages() {}

    /** The whole page. */
    static String overview(SandboxView view, RequestFilter filter, Optional<BehaviourForms.Attempt> attempt) {
        return page(
                view.place().id(),
                verdict(view),
                tiles(view),
                new BehaviourForms(view.behaviour(), attempt).section(),
                requests(view, filter),
                notices(view),
                books());
    }

    /** The page of one signup. */
    static String signup(String brokerId, Books.Account account, List<Exchange> exchanges) {
        Map<String, Element> facts = new LinkedHashMap<>();
        facts.put("Valid handoffs", Blocks.text(number(account.deliveries())));
        facts.put("Accepted", Blocks.text(account.isAccepted() ? "yes" : "no"));
        facts.put("Accepted again", Blocks.text(number(account.duplicates())));
        facts.put("Refused", Blocks.text(number(account.refused())));
        facts.put("Failed", Blocks.text(number(account.failed())));
        facts.put(
                "First came",
                Blocks.text(account.firstByteAt().map(SandboxPages::time).orElse("never")));
        facts.put(
                "Last came",
                Blocks.text(account.lastByteAt().map(SandboxPages::time).orElse("never")));
        return page(
                brokerId,
                Element.of("p").add(Blocks.link("/", "All requests")),
                Element.of("section")
                        .add(
                                Element.of("h2", "One signup"),
                                Element.of("p")
                                        .add(Blocks.code(account.signupId().toString())),
                                Blocks.facts(facts)),
                Element.of("section")
                        .add(
                                Element.of("h2", "Its newest requests"),
                                exchanges.isEmpty()
                                        ? Element.of("p", "None of them is among the newest requests, which are kept.")
                                        : table(
                                                "Its requests",
                                                exchanges.subList(0, Math.min(MOST_ROWS, exchanges.size())))),
                Element.of("section").add(Element.of("h2", "Its notices"), noticeTable(List.of(account))));
    }

    /** An error page. */
    static String error(String brokerId, String what, String todo) {
        return page(
                brokerId,
                Blocks.verdict(Mood.WATCH, what, List.of(Element.of("p", todo))),
                Element.of("p").add(Blocks.link("/", "All requests")));
    }

    private static String page(String brokerId, Element... parts) {
        return new Page("en", "Sandbox broker " + brokerId)
                .withScript(SCRIPT)
                .add(
                        Blocks.link("#main", "Skip to content").as("skip"),
                        Element.of("header")
                                .add(
                                        Element.of("p", "For development and tests, without personal data")
                                                .as("kicker"),
                                        Element.of("h1", "Sandbox broker " + brokerId)),
                        Element.of("main").with("id", "main").add(parts),
                        Element.of("footer")
                                .add(Element.of(
                                        "p",
                                        "This broker keeps ids, counts and times. Personal data is discarded when the"
                                                + " request is answered. Times are UTC.")))
                .html();
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static Element live(String id, Element part) {
        return part.with("id", id).with("data-live", "");
    }

    private static Element verdict(SandboxView view) {
        Books.Totals totals = view.totals();
        Mood mood = Mood.GOOD;
        String headline = "Every request was signed correctly and keeps to the contract";
        if (totals.badSignatures() > 0) {
            mood = Mood.BAD;
            headline = counted(totals.badSignatures(), "request has", "requests have") + " a wrong signature";
        } else if (totals.badRequests() > 0) {
            mood = Mood.BAD;
            headline = counted(totals.badRequests(), "request does not keep to", "requests do not keep to")
                    + " the contract";
        } else if (view.newest().isEmpty() && totals.deliveries() == 0) {
            mood = Mood.PLAIN;
            headline = "Nothing received yet";
        } else if (view.place().keys() == 0) {
            mood = Mood.WATCH;
            headline = "Signatures are not checked";
        }
        Element where = Element.of("p").text("Takes handoffs at ");
        where.add(Blocks.code(view.place().handoffs().toString()))
                .text(", notices at ")
                .add(Blocks.code(view.place().notices().toString()))
                .text(".");
        int keys = view.place().keys();
        String how = keys == 0
                ? "No key is configured (--secret-file), so any signature passes."
                : "Signatures are checked with " + counted(keys, "key", "keys") + ".";
        return live(
                "verdict",
                Blocks.verdict(
                        mood,
                        headline,
                        List.of(where, Element.of("p", how + " As of " + time(view.asOf()) + " UTC."))));
    }

    private static String counted(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    private static Element tiles(SandboxView view) {
        Books.Totals totals = view.totals();
        return live(
                "tiles",
                Blocks.tiles(List.of(
                        Blocks.tile(
                                Mood.PLAIN,
                                "Accepted",
                                figure(totals.accepted(), "/?kind=handoff#requests"),
                                "of " + counted(totals.signups(), "signup", "signups") + "; "
                                        + counted(totals.duplicates(), "repeat", "repeats") + " answered again"),
                        Blocks.tile(
                                totals.failed() > 0 ? Mood.WATCH : Mood.PLAIN,
                                "Refused or failed",
                                figure(totals.refused() + totals.failed(), "/?kind=handoff&only=trouble#requests"),
                                number(totals.refused()) + " refused, " + number(totals.failed()) + " failed"),
                        Blocks.tile(
                                totals.badSignatures() > 0 ? Mood.BAD : Mood.GOOD,
                                "Wrong signatures",
                                figure(totals.badSignatures(), "/?only=signature#requests"),
                                "answered 401"),
                        Blocks.tile(
                                totals.badRequests() > 0 ? Mood.BAD : Mood.GOOD,
                                "Invalid requests",
                                figure(totals.badRequests(), "/?only=trouble#requests"),
                                "answered 400 or 413"),
                        Blocks.tile(
                                Mood.PLAIN,
                                "Notices",
                                figure(totals.notices(), "#notices"),
                                "withdrawals and requests by people"),
                        Blocks.tile(
                                Mood.PLAIN,
                                "Pings",
                                figure(view.pings(), "/?kind=ping#requests"),
                                "asked before a handoff"))));
    }

    private static Element figure(long count, String target) {
        return count == 0 ? Blocks.text("0") : Blocks.link(target, number(count));
    }

    private static Element requests(SandboxView view, RequestFilter filter) {
        List<Exchange> found = filter.of(view.newest());
        List<Exchange> shown = found.subList(0, Math.min(MOST_ROWS, found.size()));
        Element list = Element.of("div");
        if (shown.isEmpty()) {
            list.add(Element.of(
                    "p",
                    view.newest().isEmpty()
                            ? "Nothing received yet."
                            : "No request of this kind among the newest "
                                    + number(view.newest().size()) + "."));
        } else {
            list.add(table("Requests", shown));
        }
        list.add(Element.of(
                        "p",
                        number(shown.size()) + " of " + number(found.size()) + " shown. The newest "
                                + NewestExchanges.MOST
                                + " of each kind are kept, and as many with a wrong signature.")
                .as("note"));
        return Element.of("section")
                .with("id", "requests")
                .add(
                        Element.of("h2", "Requests, newest first"),
                        Element.of("form")
                                .as("ask")
                                .with("method", "get")
                                .with("action", "/#requests")
                                .add(
                                        Blocks.select("kind", "Show", RequestFilter.KINDS, filter.kind()),
                                        Blocks.select("only", "Result", RequestFilter.TROUBLES, filter.only()),
                                        Element.of("button", "Show these").with("type", "submit")),
                        live("requestlist", list));
    }

    private static Element table(String caption, List<Exchange> exchanges) {
        return Blocks.table(
                caption,
                List.of("Came", "Kind", "Answered", "Signature", "Signup"),
                exchanges.stream().map(SandboxPages::row).toList());
    }

    private static List<Element> row(Exchange exchange) {
        return List.of(
                Blocks.text(time(exchange.at())).as("time"),
                Blocks.text(exchange.kind()),
                answer(exchange),
                signature(exchange),
                exchange.signupId().map(SandboxPages::link).orElseGet(() -> Blocks.text("–")));
    }

    private static Element link(UUID signupId) {
        return Blocks.link("/signup?id=" + signupId, signupId.toString()).as("id");
    }

    private static Element answer(Exchange exchange) {
        String[] parts = exchange.answer().split(": ", 2);
        Element answer = Element.of("span").add(Blocks.badge(mood(exchange), parts[0]));
        return parts.length == 1 ? answer : answer.as("words").text(" " + parts[1]);
    }

    /** A refusal is a valid answer; without acceptance or refusal the sender has to retry. */
    private static Mood mood(Exchange exchange) {
        String answer = exchange.answer();
        if (exchange.isTaken()) {
            return Mood.GOOD;
        } else if (answer.startsWith("400") || answer.startsWith("401") || answer.startsWith("413")) {
            return Mood.BAD;
        }
        return answer.startsWith("409") || answer.startsWith("422") ? Mood.PLAIN : Mood.WATCH;
    }

    private static Element signature(Exchange exchange) {
        return switch (exchange.signed()) {
            case RIGHT ->
                Element.of("span")
                        .as("words")
                        .add(Blocks.badge(Mood.GOOD, "right"))
                        .text(" " + exchange.signature());
            case WRONG ->
                Element.of("span")
                        .as("words")
                        .add(Blocks.badge(Mood.BAD, "wrong"))
                        .text(" " + exchange.signature());
            case NOT_CHECKED -> Blocks.badge(Mood.PLAIN, "not checked");
        };
    }

    private static Element notices(SandboxView view) {
        return Element.of("section")
                .with("id", "notices")
                .add(
                        Element.of("h2", "Withdrawals and requests by people"),
                        Element.of("p", "What this broker was notified of after the handoff, and how it responded.")
                                .as("note"),
                        live("noticelist", noticeTable(view.noticed())));
    }

    private record Noticed(UUID signupId, Books.NoticeAccount notice) {}

    private static Element noticeTable(List<Books.Account> accounts) {
        List<Noticed> all = new ArrayList<>();
        accounts.forEach(account ->
                account.notices().forEach(notice -> all.add(new Noticed(account.signupId(), notice))));
        if (all.isEmpty()) {
            return Element.of("div").add(Element.of("p", "No notice received."));
        }
        all.sort(Comparator.comparing((Noticed each) -> each.notice().firstArrivedAt())
                .reversed());
        Element list = Element.of("div")
                .add(Blocks.table(
                        "Notices",
                        List.of("First came", "What", "Status", "Came", "Signup", "Request"),
                        all.stream().limit(MOST_ROWS).map(SandboxPages::row).toList()));
        return all.size() <= MOST_ROWS
                ? list
                : list.add(Element.of("p", "The newest " + MOST_ROWS + " of " + number(all.size()) + ".")
                        .as("note"));
    }

    private static List<Element> row(Noticed each) {
        Books.NoticeAccount notice = each.notice();
        return List.of(
                Blocks.text(time(notice.firstArrivedAt())).as("time"),
                Blocks.text(notice.type()),
                stands(notice),
                Blocks.text(notice.arrivals() == 1 ? "once" : number(notice.arrivals()) + " times"),
                link(each.signupId()),
                notice.requestId().map(id -> Blocks.code(id.toString())).orElseGet(() -> Blocks.text("–")));
    }

    private static Element stands(Books.NoticeAccount notice) {
        return switch (notice.status()) {
            case "completed" -> Blocks.badge(Mood.GOOD, "completed");
            case "refused" -> Blocks.badge(Mood.WATCH, "refused: " + notice.reason());
            case "pending" -> Blocks.badge(Mood.PLAIN, "pending");
            default -> Blocks.badge(Mood.WATCH, "not taken");
        };
    }

    private static Element books() {
        return Element.of("section")
                .with("id", "books")
                .add(
                        Element.of("h2", "Books"),
                        Blocks.signupLookup("Signup id", "Show this signup"),
                        BehaviourForms.form(
                                BehaviourForms.BOOKS,
                                List.of(),
                                Element.of("button", "Empty the books").as("quiet")));
    }
}
