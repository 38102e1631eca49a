package org.brokerhandoff.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.FieldMapping;
import org.brokerhandoff.router.directory.NewBrokerSecret;
import org.brokerhandoff.router.directory.Profile;
import org.brokerhandoff.router.directory.Terms;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.routing.Assigner;
import org.brokerhandoff.routing.Decision;
import org.brokerhandoff.routing.RoutingInput;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.SignupIds;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The operations of every signup. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class PieceBenchmarks {
    private static final byte[] PERSON =
            "{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\"NO\"}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final UUID ID = UUID.randomUUID();
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final DataKey key = DataKey.random(random);
    private final SealedSignup unsealed = SealedSignup.newBuilder()
            .setSignupId(SignupIds.fixed(ID))
            .setPersonSchema(1)
            .setSlot(1)
            .setGeneration(1)
            .setReceivedAt(AT)
            .setKeyExpiry(AT)
            .setEraseBy(AT)
            .setCountry("NO")
            .setLanguage("nb")
            .setPolicyVersion("2026-11-01")
            .setPurposes(List.of(Purpose.BROKER_HANDOFF))
            .setRecipients(List.of("fjord-markets"))
            .setConsentGivenAt(AT)
            .setSealedPerson(ByteBuffer.allocate(0))
            .build();
    private final byte[] sealed = Sealer.seal(
            key,
            PersonalData.takeOver(PERSON.clone()),
            SealBinding.FORM,
            SealBinding.of(unsealed).associatedData());
    private final EventCodec codec = new EventCodec();
    private final SealedSignup event = SealedSignup.newBuilder(unsealed)
            .setSealedPerson(ByteBuffer.wrap(sealed))
            .build();
    private final byte[] encoded = codec.encode(event);
    private final WebhookSecret secret = WebhookSecret.parse("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
            .orElseThrow();
    private final WebhookSecret privateKey =
            WebhookSecret.parse(NewBrokerSecret.asymmetric(random).secret()).orElseThrow();
    private final BrokerDirectory directory = BrokerDirectory.of(
            IntStream.range(0, 12)
                    .mapToObj(i -> new Broker(
                            "broker-" + i,
                            "Broker " + i,
                            List.of("NO"),
                            List.of(),
                            Map.of(Broker.DEFAULT_BASIS, "EEA"),
                            java.net.URI.create("https://example.org/privacy"),
                            java.net.URI.create("https://example.org/handoffs"),
                            Optional.empty(),
                            List.of(),
                            1,
                            i + 1,
                            false,
                            Broker.Status.ACTIVE,
                            Terms.PLAIN,
                            Profile.of(RecipientKind.BROKER),
                            Connection.PLAIN,
                            FieldMapping.NONE))
                    .toList(),
            codec);
    private final List<String> recipients =
            IntStream.range(0, 12).mapToObj(i -> "broker-" + i).toList();

    /** A fresh key and a seal, as for each signup. */
    @Benchmark
    public byte[] seal() {
        DataKey fresh = DataKey.random(random);
        try (PersonalData person = PersonalData.takeOver(PERSON.clone())) {
            return Sealer.seal(
                    fresh, person, SealBinding.FORM, SealBinding.of(unsealed).associatedData());
        } finally {
            fresh.destroy();
        }
    }

    /** Opening a seal. */
    @Benchmark
    public int open() {
        try (PersonalData person =
                Sealer.open(key, sealed, SealBinding.of(event)::associatedData).orElseThrow()) {
            return person.length();
        }
    }

    /** Encoding a sealed signup. */
    @Benchmark
    public byte[] encode() {
        return codec.encode(event);
    }

    /** Decoding a sealed signup. */
    @Benchmark
    public Decoded decode() {
        return codec.decode(encoded);
    }

    /** Deciding among twelve brokers. */
    @Benchmark
    public Decision decide() {
        return Assigner.decide(
                new RoutingInput(
                        ID, Purpose.BROKER_HANDOFF, "NO", Optional.of("nb"), recipients, Map.of(), Map.of(), AT),
                directory.facts());
    }

    /** Signing a request with HMAC-SHA256. */
    @Benchmark
    public WebhookSignature sign() {
        return signed(secret);
    }

    /** Signing a request with Ed25519. */
    @Benchmark
    public WebhookSignature signEd25519() {
        return signed(privateKey);
    }

    private static WebhookSignature signed(WebhookSecret by) {
        try (PersonalData body = PersonalData.takeOver(PERSON.clone())) {
            return WebhookSignature.of("id", AT, body, List.of(by));
        }
    }
}
