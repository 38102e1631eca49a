package org.brokerhandoff.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A verdict as JSON, for programs. */
final class VerdictJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerdictJson() {}

    static String of(Verdict verdict) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("holds", verdict.holds());
        root.put("at", verdict.now().toString());
        root.put("complete", verdict.complete());
        verdict.read().ifPresent(read -> read(root.putObject("read"), read));
        counts(root.putObject("counts"), verdict.counts());
        ArrayNode restricted = root.putArray("restrictedWithoutRequest");
        verdict.restrictedWithoutRequest().forEach(id -> restricted.add(id.toString()));
        ArrayNode violations = root.putArray("violations");
        for (Violation violation : verdict.violations()) {
            ObjectNode node = violations.addObject().put("rule", violation.rule());
            violation.signupId().ifPresent(id -> node.put("signupId", id.toString()));
            violation.place().ifPresent(place -> node.put("place", place));
            node.put("sentence", violation.sentence());
        }
        ObjectNode unlisted = root.putObject("unlisted");
        new TreeMap<>(verdict.unlisted()).forEach(unlisted::put);
        Set<String> broken = verdict.brokenRules();
        ArrayNode rules = root.putArray("rules");
        Rules.ALL.forEach(rule -> rules.addObject()
                .put("code", rule.code())
                .put("sentence", rule.sentence())
                .put("holds", !broken.contains(rule.code())));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can be written", e);
        }
    }

    private static void counts(ObjectNode node, Verdict.Counts counts) {
        node.put("partitions", counts.partitions());
        node.put("events", counts.events());
        node.put("repeats", counts.repeats());
        node.put("accepted", counts.accepted());
        node.put("neverAccepted", counts.neverAccepted());
        node.put("delivered", counts.delivered());
        node.put("withdrawn", counts.withdrawn());
        node.put("open", counts.open());
        node.put("requests", counts.requests());
        node.put("openRequests", counts.openRequests());
        node.put("purged", counts.purged());
        byKey(node.putObject("purgedByReason"), counts.purgedByReason());
        byKey(node.putObject("purgedByLevel"), counts.purgedByLevel());
        byKey(node.putObject("canaries"), counts.canaries());
        node.put("policies", counts.policies());
        node.put("directories", counts.directories());
    }

    private static <K extends Enum<K>> void byKey(ObjectNode node, Map<K, Long> counts) {
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> node.put(entry.getKey().name(), entry.getValue()));
    }

    private static void ledger(ObjectNode node, LedgerRead ledger) {
        node.put("origin", ledger.origin());
        node.put("entries", ledger.entries());
        node.put("checkpoint", ledger.checkpoint());
        node.put("standing", ledger.standing());
        ledger.since().ifPresent(size -> node.put("since", size));
        if (ledger.verifiedBefore() > 0) {
            node.put("verifiedBefore", ledger.verifiedBefore());
        }
        node.put("notYetCommitted", ledger.notYetCommitted());
    }

    private static void read(ObjectNode node, LogRead read) {
        node.put("clusterId", read.clusterId());
        node.put("topicPrefix", read.topicPrefix());
        node.put("version", read.version());
        node.put("digest", read.digest());
        read.ledger().ifPresent(ledger -> ledger(node.putObject("ledger"), ledger));
        ArrayNode partitions = node.putArray("partitions");
        read.partitions()
                .forEach(each -> partitions
                        .addObject()
                        .put("topic", each.topic().baseName())
                        .put("partition", each.partition())
                        .put("endOffset", each.endOffset())
                        .put("digest", each.digest()));
    }
}
