package org.brokerhandoff.audit.verify;

import static java.util.Map.entry;

import java.util.Map;

/** The basis of rules, and their limits, for docs/audit-rules.md. */
final class RuleNotes {
    /**
     * One rule's.
     *
     * @param basis promises of docs/policy.md and articles of the GDPR
     * @param unseen what the rule cannot detect, and where it shows; empty if nothing beyond the common limits
     */
    record Note(String basis, String unseen) {}

    private static final Note NONE = new Note("", "");

    private static final Map<String, Note> BY_CODE = Map.ofEntries(
            entry(
                    "log-complete",
                    new Note(
                            "P9, P17; Art. 5 (2) GDPR",
                            "records cut off at the end, or a rewritten log: a checkpoint shows it")),
            entry("record-readable", new Note("P17", "what an unreadable record said")),
            entry(
                    "record-content",
                    new Note("P9", "a person in a text of the right kind: an id that the operator chose badly")),
            entry("record-topic", new Note("P9", "")),
            entry("record-identity", new Note("P17", "a record that was replaced whole: a checkpoint shows it")),
            entry("record-key", new Note("P9", "what a random id was made from")),
            entry("policy-repeats-agree", new Note("P21", "the text itself, which is in no kept topic")),
            entry("repeats-agree", new Note("P17", "which of two versions is true")),
            entry(
                    "record-exact",
                    new Note(
                            "P9; Art. 5 (1) (c) GDPR",
                            "data hidden in numbers, random ids or times, which a schema does not constrain")),
            entry(
                    "record-source",
                    new Note(
                            "P12",
                            "who wrote the record: the header is the publisher's claim; ACLs per service enforce it")),
            entry("broker-published", new Note("P10", "what an operator publishes as a broker")),
            entry("record-append-time", new Note("Art. 5 (2) GDPR", "a broker whose own clock is wrong")),
            entry(
                    "dated-back",
                    new Note(
                            "P9",
                            "times that are wrong by up to 15 minutes; a log all of whose records are shifted equally; events that may have waited for Kafka")),
            entry("dated-ahead", new Note("P9", "the same")),
            entry(
                    "ledger-consistent",
                    new Note("Art. 5 (2) GDPR", "another ledger of the same origin, shown to other people")),
            entry("ledger-signed", new Note("Art. 5 (2) GDPR", "without --key or --policy, who signed")),
            entry(
                    "ledger-recomputed",
                    new Note(
                            "Art. 5 (2) GDPR",
                            "a topic that was changed before the ledger committed to it; everything, where there is no ledger")),
            entry(
                    "ledger-dated",
                    new Note(
                            "P9",
                            "times that are wrong by up to a minute; when an entry was made, except by the builder's clock")),
            entry("ledger-in-time", new Note("Art. 5 (2) GDPR", "an event that was never published")),
            entry("consent-before-handoff", new Note("P2, P17; Art. 6 (1) (a) GDPR", "whether the person gave it")),
            entry("consent-covers-handoff", new Note("P2; Art. 5 (1) (b) GDPR", "what the website asked")),
            entry("recipient-in-consent", new Note("P2, P17; Art. 7 GDPR", "")),
            entry("inputs-as-consented", new Note("P17", "the person's language, which a consent does not name")),
            entry("policy-published", new Note("P2, P21; Art. 7 (1) GDPR", "what the screen showed")),
            entry(
                    "consent-dated",
                    new Note(
                            "P2",
                            "how long before its receipt it was given: a repeated request keeps the time of the first")),
            entry(
                    "no-attempt-after-withdrawal",
                    new Note(
                            "P18; Art. 7 (3) GDPR",
                            "an attempt that no event records: the broker's own books show it")),
            entry("cookie-policy-published", new Note("P6, P7", "what the banner showed")),
            entry("cookie-choice-dated", new Note("P6", "a choice that was never recorded")),
            entry("attempt-in-order", new Note("P10", "differences within the tolerance for clocks")),
            entry(
                    "assigned-before-handoff",
                    new Note("P10", "a contact that no event records: the broker's own books show it")),
            entry("next-broker-after-refusal", new Note("P10", "")),
            entry("one-broker-accepts", new Note("P10", "")),
            entry("accepted-by-status", new Note("P10", "what the broker meant by its answer")),
            entry("directory-published", new Note("P10", "")),
            entry("directory-digest", new Note("P10", "")),
            entry("decision-replays", new Note("P10, P11", "whether a router's observation of replies was correct")),
            entry("load-as-logged", new Note("P10", "")),
            entry("suspension-published", new Note("P10", "whether a circuit breaker was open")),
            entry("place-by-directory", new Note("P10", "")),
            entry("place-before-attempt", new Note("P10", "")),
            entry("cap-respected", new Note("P10", "")),
            entry("hours-respected", new Note("P10", "")),
            entry("release-proven", new Note("P10, P17", "whether the broker told the truth")),
            entry(
                    "hold-bounded",
                    new Note(
                            "P9; Art. 5 (1) (e) GDPR",
                            "what the installation promises, unless the auditor is told (`--max-hold`)")),
            entry(
                    "purged-in-time",
                    new Note(
                            "P9; Art. 5 (1) (e) GDPR",
                            "a signup omitted with all its events: its receipt and the offsets of `signups` show it")),
            entry("purged-once", new Note("P9", "")),
            entry(
                    "purge-repeats-follow",
                    new Note("P9", "whether a later router's lower claim was all that it could know")),
            entry("purge-reason", new Note("P9", "")),
            entry("purge-evidence", new Note("P9", "whether the evidence is true: it is the router's observation")),
            entry(
                    "purge-level-permitted",
                    new Note(
                            "P9; Art. 32 GDPR",
                            "whose router it was, if a claim by an earlier version names no instance: then the newest examination counts")),
            entry(
                    "cells-read-back",
                    new Note(
                            "P9; Art. 32 GDPR",
                            "whether the cells said so: it is the router's observation; a purge of `UNREADABLE` that names none, as of earlier versions")),
            entry("examination-permits", new Note("P9; Art. 32 GDPR", "a finding that was left out")),
            entry(
                    "erasure-observed",
                    new Note(
                            "P9",
                            "whether a broker that reports is a replica: `Purged` has their number, not their ids")),
            entry(
                    "claims-agree",
                    new Note(
                            "P9",
                            "a generation of a slot without a purge, since the canary of each start also takes one; which slot is meant if there are several slot files")),
            entry("set-aside-held", new Note("P9", "")),
            entry("offsets-accounted", new Note("P9, P17", "an account that is false but consistent")),
            entry(
                    "accepted-seen",
                    new Note("P9", "a signup dropped with its account and its consent: its receipt shows it")),
            entry("canary-signed", new Note("P9", "whose key it is: compare it with the operator's published key")),
            entry(
                    "canary-consistent",
                    new Note("P9", "whether everything was searched; canaries that were not recorded")),
            entry("withdrawal-notified", new Note("P18; Art. 19 GDPR", "what the broker does after confirming")),
            entry("request-notified", new Note("P19, P20; Art. 19 GDPR", "what the broker does after confirming")),
            entry("notice-to-holder", new Note("P17", "")),
            entry("notice-confirmed-after-sent", new Note("P18", "")),
            entry("no-attempt-after-request", new Note("P19; Art. 18, 21 GDPR", "an attempt that no event records")),
            entry("request-before-decision", new Note("P19, P20", "a request that was never recorded")),
            entry("request-due", new Note("P20; Art. 12 (3) GDPR", "")),
            entry("request-answered", new Note("P20; Art. 12 (3) GDPR", "the wording of the answer")),
            entry("disclosure-entered-before", new Note("P13", "a request that was never entered")),
            entry("disclosure-four-eyes", new Note("P13, P15", "whether two ids are two people")),
            entry("disclosure-consent", new Note("P14", "whether the person answered")),
            entry("disclosure-answer-in-time", new Note("P14", "")),
            entry("disclosure-decided-once", new Note("P13", "")),
            entry("preservation-ordered", new Note("P13, P15", "what was ordered; whether two ids are two people")),
            entry("preservation-kept", new Note("P15", "other reasons for its end")),
            entry("preservation-unsent", new Note("P9, P15; Art. 5 (1) (b) GDPR", "an attempt that no event records")),
            entry(
                    "request-steps-dated",
                    new Note("P13, P20", "steps within a minute of each other, since clocks of two hosts may differ")),
            entry("correction-asked-for", new Note("P20; Art. 16 GDPR", "a correction that was never recorded")),
            entry("correction-to-holder", new Note("P17; Art. 16, 19 GDPR", "")),
            entry(
                    "correction-answered",
                    new Note("P20; Art. 12 (3), 16 GDPR", "what the holder does with the new data")),
            entry("country-rules-published", new Note("P20", "")),
            entry("age-declared", new Note("P20; Art. 8 GDPR", "whether the declared age is true")),
            entry("recipient-not-excluded", new Note("P11, P20", "")));

    private RuleNotes() {}

    static Note of(Rule rule) {
        return BY_CODE.getOrDefault(rule.code(), NONE);
    }
}
