package org.brokerhandoff.router.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.SingleThreadLane;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsealingTest {
    private static final UUID ID = UUID.fromString("019ab000-0000-7000-8000-000000000001");
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    @TempDir
    private Path directory;

    private final SingleThreadLane lane = new SingleThreadLane();
    private SlotFile custody;
    private HoldOutcome.Held held;
    private PendingSignup signup;

    @BeforeEach
    void hold_and_seal() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("custody.slots"), 32, 32, Duration.ofHours(1), Duration.ZERO),
                FileKeyset.openOrCreate(directory.resolve("custody.keyset")));
        held = (HoldOutcome.Held) custody.hold(ID, Instant.now().plusSeconds(600))
                .toCompletableFuture()
                .join();
        signup = sealed(SealBinding.FORM);
    }

    @AfterEach
    void close() {
        lane.close();
        custody.close();
    }

    @Test
    void what_was_sealed_opens() {
        assertThat(open(signup)).isEqualTo("Kari");
    }

    @Test
    void a_seal_does_not_open_if_anything_was_changed_that_the_router_acts_on() {
        Map<String, Consumer<SealedSignup.Builder>> changes = new LinkedHashMap<>();
        changes.put("another purpose", r -> r.setPurposes(List.of(Purpose.HELPDESK)));
        changes.put("a further purpose", r -> r.setPurposes(List.of(Purpose.BROKER_HANDOFF, Purpose.HELPDESK)));
        changes.put("an earlier consent", r -> r.setConsentGivenAt(AT.minusSeconds(3600)));
        changes.put("a longer hold of the key", r -> r.setKeyExpiry(AT.plusSeconds(599)));
        changes.put("a later promise", r -> r.setEraseBy(AT.plusSeconds(601)));
        changes.put("another time of receipt", r -> r.setReceivedAt(AT.plusSeconds(1)));
        changes.put("a further recipient", r -> r.setRecipients(List.of("a", "b", "c")));
        changes.put("another country", r -> r.setCountry("SE"));
        changes.put("another language", r -> r.setLanguage("en"));
        changes.put("no language", r -> r.setLanguage(null));
        changes.put("another policy", r -> r.setPolicyVersion("v9"));
        changes.put("another schema", r -> r.setPersonSchema(1001));
        changes.forEach((what, change) ->
                assertThat(open(changed(signup, change))).as(what).isEqualTo("unopenable"));
    }

    @Test
    void what_was_sealed_before_the_upgrade_still_opens_and_a_newer_seal_does_not_pass_for_one() {
        PendingSignup earlier = sealed(SealBinding.FIRST_FORM);
        assertThat(open(earlier)).isEqualTo("Kari");
        assertThat(open(changed(earlier, r -> r.setRecipients(List.of("c"))))).isEqualTo("unopenable");

        byte[] downgraded = signup.sealedPerson().bytes().clone();
        downgraded[0] = SealBinding.FIRST_FORM;
        assertThat(open(changed(signup, r -> r.setSealedPerson(ByteBuffer.wrap(downgraded)))))
                .isEqualTo("unopenable");
    }

    private PendingSignup sealed(byte form) {
        SealedSignup unsealed = SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setPersonSchema(1)
                .setSlot(held.slot().slot())
                .setGeneration(held.slot().generation())
                .setReceivedAt(AT)
                .setKeyExpiry(AT.plusSeconds(300))
                .setEraseBy(AT.plusSeconds(600))
                .setCountry("NO")
                .setLanguage("nb")
                .setPolicyVersion("v1")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(List.of("a", "b"))
                .setConsentGivenAt(AT.minusSeconds(9))
                .setSealedPerson(ByteBuffer.allocate(0))
                .build();
        byte[] sealed = Sealer.seal(
                held.key(),
                PersonalData.takeOver("Kari".getBytes(StandardCharsets.UTF_8)),
                form,
                SealBinding.of(unsealed).associatedData(form).orElseThrow());
        return changed(Examples.signup(ID), r -> {}, unsealed, sealed);
    }

    private static PendingSignup changed(PendingSignup signup, Consumer<SealedSignup.Builder> change) {
        SealedSignup record = SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setPersonSchema(signup.personSchema())
                .setSlot(signup.slot())
                .setGeneration(signup.generation())
                .setReceivedAt(signup.receivedAt())
                .setKeyExpiry(signup.keyExpiry())
                .setEraseBy(signup.eraseBy())
                .setCountry(signup.country())
                .setLanguage(signup.language().orElse(null))
                .setPolicyVersion(signup.policyVersion())
                .setPurposes(signup.purposes())
                .setRecipients(signup.recipients())
                .setConsentGivenAt(signup.consentGivenAt())
                .setSealedPerson(ByteBuffer.wrap(signup.sealedPerson().bytes()))
                .build();
        return changed(signup, change, record, signup.sealedPerson().bytes());
    }

    private static PendingSignup changed(
            PendingSignup place, Consumer<SealedSignup.Builder> change, SealedSignup record, byte[] sealed) {
        SealedSignup.Builder builder = SealedSignup.newBuilder(record).setSealedPerson(ByteBuffer.wrap(sealed));
        change.accept(builder);
        SealedSignup changed = builder.build();
        byte[] bytes = new byte[changed.getSealedPerson().remaining()];
        changed.getSealedPerson().duplicate().get(bytes);
        return new PendingSignup(
                SignupIds.uuid(changed.getSignupId()),
                place.partition(),
                place.offset(),
                place.parking(),
                place.appendedAt(),
                changed.getSlot(),
                changed.getGeneration(),
                changed.getPersonSchema(),
                changed.getReceivedAt(),
                changed.getKeyExpiry(),
                changed.getEraseBy(),
                changed.getCountry(),
                java.util.Optional.ofNullable(changed.getLanguage()),
                changed.getPolicyVersion(),
                changed.getPurposes(),
                changed.getRecipients(),
                changed.getConsentGivenAt(),
                java.util.Optional.ofNullable(changed.getConcerns()).map(SignupIds::uuid),
                new PendingSignup.Sealed(bytes));
    }

    private String open(PendingSignup pending) {
        Unsealing.Outcome outcome = awaited(new Unsealing(custody, lane).open(pending));
        if (outcome instanceof Unsealing.Outcome.Opened opened) {
            try (PersonalData person = opened.person()) {
                return person.expose(clear -> new String(clear, StandardCharsets.UTF_8));
            }
        }
        return outcome instanceof Unsealing.Outcome.Unopenable ? "unopenable" : "key gone";
    }
}
