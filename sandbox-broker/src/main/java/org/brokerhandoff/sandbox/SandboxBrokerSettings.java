package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Settings of a broker. {@link #named(String)} returns one that accepts everything unsigned on a free port.
 *
 * @param id lower-case letters, digits and hyphens; part of the references it answers
 * @param listening address and transport
 * @param secrets signatures by any of these keys are accepted; with none, signatures are not checked
 * @param anyBody accepts handoffs with any body, as a broker with its own field mapping would
 * @param behaviour how it reacts to handoffs
 * @param noticeBehaviour how it reacts to notices
 * @param observers receive events
 */
public record SandboxBrokerSettings(
        String id,
        Listening listening,
        List<WebhookKey> secrets,
        boolean anyBody,
        Behaviour behaviour,
        NoticeBehaviour noticeBehaviour,
        Observers observers) {

    /**
     * Address and transport of a broker.
     *
     * @param host address to listen on
     * @param port port to listen on; 0 for a free one
     * @param certificate enables TLS with this certificate; without, plain HTTP
     * @param clientAuthorities with TLS: clients must present a certificate of one of these authorities, in PEM form
     */
    public record Listening(
            String host, int port, Optional<SandboxCertificate> certificate, Optional<String> clientAuthorities) {
        /** Checks the port and that client certificates are required only with TLS. */
        public Listening {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("not a port: " + port);
            }
            if (clientAuthorities.isPresent() && certificate.isEmpty()) {
                throw new IllegalArgumentException("client certificates need TLS");
            }
        }
    }

    /**
     * The observers, all called on the event loop.
     *
     * @param verdicts receives each verdict
     * @param exchanges receives each exchange
     * @param inspector for tests only: receives each valid person, or with {@code anyBody} the whole body; with it the body is parsed into a
     *     tree as well
     */
    public record Observers(
            HandoffListener verdicts, Exchange.Listener exchanges, Optional<BiConsumer<UUID, JsonNode>> inspector) {}

    /** Checks the id. */
    public SandboxBrokerSettings {
        if (!id.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException("a broker's id has lower-case letters, digits and hyphens only");
        }
        secrets = List.copyOf(secrets);
    }

    /** Accepts everything, unsigned, on a free port of 127.0.0.1. */
    public static SandboxBrokerSettings named(String id) {
        return new SandboxBrokerSettings(
                id,
                new Listening("127.0.0.1", 0, Optional.empty(), Optional.empty()),
                List.of(),
                false,
                Behaviour.accepting(),
                NoticeBehaviour.completing(),
                new Observers((signupId, verdict) -> {}, exchange -> {}, Optional.empty()));
    }

    private SandboxBrokerSettings with(Listening changed) {
        return new SandboxBrokerSettings(id, changed, secrets, anyBody, behaviour, noticeBehaviour, observers);
    }

    private SandboxBrokerSettings with(Observers changed) {
        return new SandboxBrokerSettings(id, listening, secrets, anyBody, behaviour, noticeBehaviour, changed);
    }

    /** Listens on another address. */
    public SandboxBrokerSettings withHost(String host) {
        return with(new Listening(host, listening.port(), listening.certificate(), listening.clientAuthorities()));
    }

    /** Listens on this port. */
    public SandboxBrokerSettings withPort(int port) {
        return with(new Listening(listening.host(), port, listening.certificate(), listening.clientAuthorities()));
    }

    /** Speaks TLS with this certificate. */
    public SandboxBrokerSettings withCertificate(SandboxCertificate certificate) {
        return with(new Listening(
                listening.host(), listening.port(), Optional.of(certificate), listening.clientAuthorities()));
    }

    /** Refuses clients without a certificate of these authorities, in PEM form; needs its own certificate. */
    public SandboxBrokerSettings withClientAuthorities(String authorities) {
        return with(
                new Listening(listening.host(), listening.port(), listening.certificate(), Optional.of(authorities)));
    }

    /** Accepts signatures by any of these only. */
    public SandboxBrokerSettings withSecrets(WebhookKey... newSecrets) {
        return withSecrets(List.of(newSecrets));
    }

    /** Accepts signatures by any of these only. */
    public SandboxBrokerSettings withSecrets(List<? extends WebhookKey> newSecrets) {
        return new SandboxBrokerSettings(
                id, listening, List.copyOf(newSecrets), anyBody, behaviour, noticeBehaviour, observers);
    }

    /** Accepts handoffs with any body. */
    public SandboxBrokerSettings withAnyBody() {
        return new SandboxBrokerSettings(id, listening, secrets, true, behaviour, noticeBehaviour, observers);
    }

    /** Sets the reactions to handoffs. */
    public SandboxBrokerSettings withBehaviour(Behaviour newBehaviour) {
        return new SandboxBrokerSettings(id, listening, secrets, anyBody, newBehaviour, noticeBehaviour, observers);
    }

    /** Sets the reactions to notices. */
    public SandboxBrokerSettings withNoticeBehaviour(NoticeBehaviour newBehaviour) {
        return new SandboxBrokerSettings(id, listening, secrets, anyBody, behaviour, newBehaviour, observers);
    }

    /** Passes each verdict to this listener. */
    public SandboxBrokerSettings withListener(HandoffListener listener) {
        return with(new Observers(listener, observers.exchanges(), observers.inspector()));
    }

    /** Passes each exchange to this listener. */
    public SandboxBrokerSettings withObserver(Exchange.Listener observer) {
        return with(new Observers(observers.verdicts(), observer, observers.inspector()));
    }

    /** Passes each valid person to a test. */
    public SandboxBrokerSettings withInspector(BiConsumer<UUID, JsonNode> inspector) {
        return with(new Observers(observers.verdicts(), observers.exchanges(), Optional.of(inspector)));
    }
}
