package org.brokerhandoff.quickstart.installation;

import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.sandbox.SandboxAdmin;
import org.brokerhandoff.sandbox.SandboxBroker;
import org.brokerhandoff.sandbox.SandboxBrokerSettings;
import org.brokerhandoff.sandbox.WebhookSecret;
import org.brokerhandoff.website.NamedBroker;

/** The sandbox brokers of a quickstart, one flaky and one that refuses some, its helpdesk, and one under test for retention canaries. */
public final class SampleBrokers implements AutoCloseable {
    /** Id of the helpdesk, which gets messages only. */
    public static final String HELPDESK = "helpdesk";
    /** Id of the broker that retention canaries are sent to, and no person. */
    public static final String UNDER_TEST = "canary-broker";

    private final List<Runnable> closing = new ArrayList<>();
    private final List<ReceivingBroker> entries = new ArrayList<>();
    private final List<NamedBroker> named = new ArrayList<>();
    private final Map<String, URI> pages = new LinkedHashMap<>();

    private SampleBrokers() {}

    /** Starts them, or leaves none running. */
    public static SampleBrokers start(Vertx vertx) {
        SampleBrokers brokers = new SampleBrokers();
        try {
            brokers.add(
                    vertx,
                    new Entry("fjord-markets", "Fjord Markets AS", List.of("NO", "DK", "IS"), 1, 3, "NO"),
                    "accept",
                    1);
            brokers.add(
                    vertx,
                    new Entry("nordlys-invest", "Nordlys Invest AB", List.of("SE", "FI", "NO"), 1, 1, "SE"),
                    "500@0.15",
                    7);
            brokers.add(
                    vertx,
                    new Entry("kontinent-handel", "Kontinent Handel GmbH", List.of("*"), 2, 1, "DE"),
                    "refuse@0.15",
                    11);
            brokers.add(vertx, new Entry(HELPDESK, "Nordvei helpdesk", List.of("*"), 1, 1, "NO"), "accept", 1);
            brokers.add(vertx, new Entry(UNDER_TEST, "Nordvei test broker", List.of("*"), 1, 1, "NO"), "accept", 1);
            return brokers;
        } catch (RuntimeException e) {
            brokers.close();
            throw e;
        }
    }

    private record Entry(
            String id, String name, List<String> countries, int priority, int weight, String establishedIn) {}

    private void add(Vertx vertx, Entry entry, String handoffs, long seed) {
        WebhookSecret secret = WebhookSecret.random();
        SandboxBroker broker = SandboxBroker.start(
                vertx, SandboxBrokerSettings.named(entry.id()).withSecrets(secret));
        closing.add(broker::close);
        SandboxAdmin admin = SandboxAdmin.start(vertx, broker, 0, seed, Map.of());
        closing.add(admin::close);
        admin.behave("handoffs", handoffs);
        pages.put(entry.id(), admin.address());
        List<String> terms = new ArrayList<>(List.of("establishedIn: \"" + entry.establishedIn() + "\""));
        if (entry.id().equals(HELPDESK)) {
            terms.add("kind: helpdesk");
        } else if (entry.id().equals(UNDER_TEST)) {
            terms.add("status: test");
        } else {
            named.add(new NamedBroker(
                    entry.id(),
                    entry.name(),
                    entry.establishedIn(),
                    URI.create("https://" + entry.id() + ".example/privacy")));
        }
        entries.add(new ReceivingBroker(
                entry.id(),
                entry.name(),
                entry.countries(),
                broker.endpoint(),
                secret.text(),
                entry.priority(),
                entry.weight(),
                terms));
    }

    /** All of them as the directory lists them, the helpdesk last. */
    public List<ReceivingBroker> entries() {
        return List.copyOf(entries);
    }

    /** Those that signups may go to, as a website names them. */
    public List<NamedBroker> named() {
        return List.copyOf(named);
    }

    /** Where each of them shows what it received and can be made to behave, by their ids. */
    public Map<String, URI> pages() {
        return Collections.unmodifiableMap(pages);
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }
}
