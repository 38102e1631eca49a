package org.brokerhandoff.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/** What the services that run here say of themselves at {@code /health/ready}; the doubt of a clock against Kafka's is among it. */
final class ServicesCheck {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Service, Setting<Integer>> PORTS = Map.of(
            Service.INGEST, Settings.OPERATIONS_PORT,
            Service.ROUTER, Settings.ROUTER_HTTP_PORT,
            Service.REGISTER_SERVICE, Settings.REGISTER_HTTP_PORT,
            Service.LEDGER, LedgerSettings.HTTP_PORT);

    private ServicesCheck() {}

    /** Asks each service where its settings say that it is. */
    static List<Finding> of(Map<Service, SettingsReader> services) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        Map<Service, URI> addresses = new LinkedHashMap<>();
        services.forEach((service, settings) -> {
            Setting<Integer> port = PORTS.get(service);
            if (port != null && settings.get(port) != 0) {
                addresses.put(
                        service,
                        URI.create("http://" + host(settings.get(Settings.OPERATIONS_HOST)) + ":" + settings.get(port)
                                + "/health/ready"));
            }
        });
        List<Finding> findings = new ArrayList<>();
        addresses.forEach((service, address) -> findings.addAll(answer(client, service.commandName(), address)));
        return findings;
    }

    private static String host(String configured) {
        return configured.contains(":") && !configured.startsWith("[") ? "[" + configured + "]" : configured;
    }

    private static List<Finding> answer(HttpClient client, String service, URI address) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address).timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            return findings(service, JSON.readTree(response.body()));
        } catch (IOException e) {
            return List.of(Finding.advice(
                    service, "does not answer at " + address, "start it, unless it runs on another host"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** What the answer of {@code /health/ready} says. */
    static List<Finding> findings(String service, JsonNode answer) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode check : answer.path("checks")) {
            if (check.has("code")) {
                String found =
                        check.path("name").asText() + ": " + check.path("code").asText();
                String detail = check.path("detail").asText();
                findings.add(
                        "UP".equals(check.path("status").asText())
                                ? Finding.advice(service, found, detail)
                                : Finding.wrong(service, found, detail));
            }
        }
        if (!answer.path("status").isTextual()) {
            findings.add(Finding.wrong(
                    service, "something else answers at its operations port", "look at the ports in the settings"));
        } else if (findings.isEmpty()) {
            findings.add(Finding.fine(service, "is ready"));
        }
        return findings;
    }
}
