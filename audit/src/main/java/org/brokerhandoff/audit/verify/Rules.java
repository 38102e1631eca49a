package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules, in the order in which reports list them. docs/audit.md explains each. */
public final class Rules {
    /** All rules. */
    public static final List<Rule> ALL = Stream.of(
                    LogRules.ALL,
                    RecordRules.ALL,
                    OrderRules.OF_RECORDS,
                    LedgerRules.ALL,
                    ConsentRules.ALL,
                    ResidenceRules.ALL,
                    CookieRules.ALL,
                    HandoffRules.ALL,
                    OrderRules.ALL,
                    RoutingRules.ALL,
                    PurgeRules.ALL,
                    EvidenceRules.ALL,
                    CellRules.ALL,
                    SeenRules.ALL,
                    RequestRules.ALL,
                    CorrectionRules.ALL,
                    DisclosureRules.ALL,
                    PreservationRules.ALL,
                    StepRules.ALL,
                    NoticeRules.ALL,
                    CanaryRules.ALL)
            .flatMap(List::stream)
            .toList();

    private static final Pattern PROMISE = Pattern.compile("P\\d+");

    private Rules() {}

    /** The rules that check a promise of docs/policy.md, such as {@code P9}, in the order in which reports list them. */
    public static List<Rule> on(String promise) {
        return ALL.stream()
                .filter(rule -> PROMISE.matcher(RuleNotes.of(rule).basis())
                        .results()
                        .anyMatch(found -> found.group().equals(promise)))
                .toList();
    }
}
