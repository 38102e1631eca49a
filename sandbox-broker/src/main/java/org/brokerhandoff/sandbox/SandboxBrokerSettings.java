package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * How to start a broker. {@link #named(String)} gives one that accepts everything unsigned on a free port.
 *
 * @param id lower-case letters, digits and hyphens; part of the references it answers
 * @param host address to listen on
 * @param port port to listen on; 0 for a free one
 * @param secrets signatures by any of these keys are taken; with none, signatures are not checked
 * @param certificate speaks TLS with this one; without, plain HTTP
 * @param clientAuthorities with TLS: clients have to show a certificate of one of these authorities, in PEM form
 * @param anyBody takes handoffs whatever their body is, as a broker with a field mapping of its own would
 * @param behaviour how it reacts to handoffs
 * @param noticeBehaviour how it reacts to notices
 * @param listener is told each verdict
 * @param observer is told each exchange
 * @param inspector for tests only: is shown each valid person, or with {@code anyBody} the whole body, on the event loop; with it the
 *     body is parsed into a tree as well
 */
public record SandboxBrokerSettings(
        String id,
        String host,
        int port,
        List<WebhookKey> secrets,
        Optional<SandboxCertificate> certificate,
        Optional<String> clientAuthorities,
        boolean anyBody,
        Behaviour behaviour,
        NoticeBehaviour noticeBehaviour,
        HandoffListener listener,
        Exchange.Listener observer,
        Optional<BiConsumer<UUID, JsonNode>> inspector) {

    /** Checks id, port and that certificates are asked for by TLS only. */
    public SandboxBrokerSettings {
        if (!id.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException("a broker's id has lower-case letters, digits and hyphens only");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (clientAuthorities.isPresent() && certificate.isEmpty()) {
            throw new IllegalArgumentException("without TLS there are no certificates of clients");
        }
        secrets = List.copyOf(secrets);
    }

    /** Accepts everything, unsigned, on a free port of 127.0.0.1. */
    public static SandboxBrokerSettings named(String id) {
        return new SandboxBrokerSettings(
                id,
                "127.0.0.1",
                0,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Behaviour.accepting(),
                NoticeBehaviour.completing(),
                (signupId, verdict) -> {},
                exchange -> {},
                Optional.empty());
    }

    /** Listens on another address. */
    public SandboxBrokerSettings withHost(String newHost) {
        return new SandboxBrokerSettings(
                id,
                newHost,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Listens on this port. */
    public SandboxBrokerSettings withPort(int newPort) {
        return new SandboxBrokerSettings(
                id,
                host,
                newPort,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Takes signatures by any of these only. */
    public SandboxBrokerSettings withSecrets(WebhookKey... newSecrets) {
        return withSecrets(List.of(newSecrets));
    }

    /** Takes signatures by any of these only. */
    public SandboxBrokerSettings withSecrets(List<? extends WebhookKey> newSecrets) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                List.copyOf(newSecrets),
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Speaks TLS with this certificate. */
    public SandboxBrokerSettings withCertificate(SandboxCertificate newCertificate) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                Optional.of(newCertificate),
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Lets nobody in who shows no certificate of these authorities, in PEM form; needs a certificate of its own. */
    public SandboxBrokerSettings withClientAuthorities(String newAuthorities) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                Optional.of(newAuthorities),
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Takes handoffs whatever their body is. */
    public SandboxBrokerSettings withAnyBody() {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                true,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Reacts to handoffs like this. */
    public SandboxBrokerSettings withBehaviour(Behaviour newBehaviour) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                newBehaviour,
                noticeBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Reacts to notices like this. */
    public SandboxBrokerSettings withNoticeBehaviour(NoticeBehaviour newBehaviour) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                newBehaviour,
                listener,
                observer,
                inspector);
    }

    /** Tells this listener each verdict. */
    public SandboxBrokerSettings withListener(HandoffListener newListener) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                newListener,
                observer,
                inspector);
    }

    /** Tells this listener each exchange. */
    public SandboxBrokerSettings withObserver(Exchange.Listener newObserver) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                newObserver,
                inspector);
    }

    /** Shows each valid person to a test. */
    public SandboxBrokerSettings withInspector(BiConsumer<UUID, JsonNode> newInspector) {
        return new SandboxBrokerSettings(
                id,
                host,
                port,
                secrets,
                certificate,
                clientAuthorities,
                anyBody,
                behaviour,
                noticeBehaviour,
                listener,
                observer,
                Optional.of(newInspector));
    }
}
