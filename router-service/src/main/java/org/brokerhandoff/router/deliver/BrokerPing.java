package org.brokerhandoff.router.deliver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.PendingSignup;

/**
 * Asks a broker whether it would take such a signup, so that one that would refuse never sees the person. The request says the
 * country, the language and the purposes consented to, and nothing by which it could be joined with anything: its id is random.
 */
public final class BrokerPing {
    private final PingClient client;
    private final Duration limit;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    /** What a ping came to. */
    public enum Outcome {
        /** The broker wants it. */
        WANTED,
        /** The broker does not. */
        DECLINED,
        /** It did not say. */
        NO_ANSWER
    }

    /**
     * What a broker said.
     *
     * @param askedAt when it was asked
     * @param answeredAt when it answered, or was given up
     * @param status HTTP status, if one arrived
     */
    public record Answer(Outcome outcome, Instant askedAt, Instant answeredAt, OptionalInt status) {}

    /**
     * Pings.
     *
     * @param limit longest time for one exchange
     * @param ids gives each request a random id
     */
    public BrokerPing(PingClient client, Duration limit, InstantSource clock, Supplier<UUID> ids) {
        this.client = client;
        this.limit = limit;
        this.clock = clock;
        this.ids = ids;
    }

    /** Asks {@code broker}. */
    public CompletionStage<Answer> ask(PendingSignup signup, Broker broker) {
        Instant askedAt = clock.instant();
        PersonalData body = body(signup);
        WebhookSignature signature = WebhookSignature.of(ids.get().toString(), askedAt, body, broker.secrets());
        return client.ping(broker, body, signature, limit).thenApply(reply -> answer(reply, askedAt, clock.instant()));
    }

    /** The values are codes of known form: nothing in them needs escaping. */
    static PersonalData body(PendingSignup signup) {
        String language = signup.language().map(tag -> "\"" + tag + "\"").orElse("null");
        String purpose = signup.purpose() == Purpose.HELPDESK ? "helpdesk" : "broker-handoff";
        String json = "{\"country\":\"" + signup.country() + "\",\"language\":" + language + ",\"purposes\":[\""
                + purpose + "\"]}";
        return PersonalData.takeOver(json.getBytes(StandardCharsets.UTF_8));
    }

    /** What a reply to a ping means. */
    static Answer answer(BrokerReply reply, Instant askedAt, Instant answeredAt) {
        if (reply instanceof BrokerReply.Answered answered) {
            return new Answer(outcome(answered), askedAt, answeredAt, OptionalInt.of(answered.status()));
        }
        OptionalInt status = reply instanceof BrokerReply.NoReply none ? none.status() : OptionalInt.empty();
        return new Answer(Outcome.NO_ANSWER, askedAt, answeredAt, status);
    }

    private static Outcome outcome(BrokerReply.Answered reply) {
        boolean success = reply.status() / 100 == 2;
        Optional<BrokerReply.Verdict> verdict = reply.verdict();
        if (success && verdict.equals(Optional.of(BrokerReply.Verdict.ACCEPTED))) {
            return Outcome.WANTED;
        }
        boolean declined = (success && verdict.equals(Optional.of(BrokerReply.Verdict.REJECTED)))
                || reply.status() == 409
                || reply.status() == 422;
        return declined ? Outcome.DECLINED : Outcome.NO_ANSWER;
    }
}
