package org.brokerhandoff.quickstart.traffic;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Requests that ingest has to refuse. */
public final class InvalidRequests {
    private InvalidRequests() {}

    /** One of each kind: no JSON, a person without an address, no purpose, an unknown policy, a consent from the future. */
    public static List<byte[]> all(String policyVersion, List<String> recipients) {
        String now = Instant.now().toString();
        String person =
                "{\"fullName\":\"Ola Nordmann\",\"email\":\"ola.nordmann@example.no\",\"country\":\"NO\",\"language\":\"nb\"}";
        return List.of(
                utf8("{\"person\":"),
                utf8(request(
                        "{\"fullName\":\"\",\"email\":\"not an address\",\"country\":\"XX\"}",
                        policyVersion,
                        "\"broker-handoff\"",
                        recipients,
                        now)),
                utf8(request(person, policyVersion, "", recipients, now)),
                utf8(request(person, "1999-01-01", "\"broker-handoff\"", recipients, now)),
                utf8(request(
                        person,
                        policyVersion,
                        "\"broker-handoff\"",
                        recipients,
                        Instant.now().plusSeconds(86_400).toString())));
    }

    private static String request(
            String person, String policyVersion, String purposes, List<String> recipients, String givenAt) {
        return "{\"person\":" + person + ",\"consent\":{\"policyVersion\":\"" + policyVersion + "\",\"purposes\":["
                + purposes + "],\"recipients\":["
                + recipients.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",")) + "],\"givenAt\":\""
                + givenAt + "\",\"method\":\"registration-form\"}}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
