package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.SealedSignup;
import org.junit.jupiter.api.Test;

class SealBindingTest {
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");
    private static final UUID ID = new UUID(1, 2);

    @Test
    void every_field_of_the_record_but_the_sealed_bytes_changes_the_binding() {
        String sealedWith = hex(record(changed -> {}));
        Map<String, List<Consumer<SealedSignup.Builder>>> changes = new LinkedHashMap<>();
        changes.put("signupId", List.of(r -> r.setSignupId(SignupIds.fixed(new UUID(1, 3)))));
        changes.put("personSchema", List.of(r -> r.setPersonSchema(2)));
        changes.put("slot", List.of(r -> r.setSlot(8)));
        changes.put("generation", List.of(r -> r.setGeneration(4)));
        changes.put("receivedAt", List.of(r -> r.setReceivedAt(AT.plusMillis(1))));
        changes.put("keyExpiry", List.of(r -> r.setKeyExpiry(AT.plusSeconds(31)), r -> r.setKeyExpiry(AT)));
        changes.put("eraseBy", List.of(r -> r.setEraseBy(AT.plusSeconds(41))));
        changes.put("country", List.of(r -> r.setCountry("SE"), r -> r.setCountry("")));
        changes.put("language", List.of(r -> r.setLanguage(null), r -> r.setLanguage(""), r -> r.setLanguage("nn")));
        changes.put("policyVersion", List.of(r -> r.setPolicyVersion("v2")));
        changes.put(
                "purposes",
                List.of(
                        r -> r.setPurposes(List.of()),
                        r -> r.setPurposes(List.of(Purpose.HELPDESK)),
                        r -> r.setPurposes(List.of(Purpose.BROKER_HANDOFF, Purpose.HELPDESK)),
                        r -> r.setPurposes(List.of(Purpose.BROKER_HANDOFF, Purpose.BROKER_HANDOFF))));
        changes.put(
                "recipients",
                List.of(
                        r -> r.setRecipients(List.of()),
                        r -> r.setRecipients(List.of("a")),
                        r -> r.setRecipients(List.of("ab")),
                        r -> r.setRecipients(List.of("b", "a")),
                        r -> r.setRecipients(List.of("a", "b", "c"))));
        changes.put("consentGivenAt", List.of(r -> r.setConsentGivenAt(AT.minusSeconds(4))));
        changes.put("concerns", List.of(r -> r.setConcerns(SignupIds.fixed(ID))));

        // A field that is added to the record has to be bound, or be named here with the reason.
        List<String> fields = SealedSignup.getClassSchema().getFields().stream()
                .map(Schema.Field::name)
                .filter(name -> !name.equals("sealedPerson"))
                .toList();
        assertThat(changes.keySet()).containsExactlyInAnyOrderElementsOf(fields);
        changes.forEach((field, variants) -> variants.forEach(
                change -> assertThat(hex(record(change))).as(field).isNotEqualTo(sealedWith)));
    }

    @Test
    void no_text_can_run_into_the_next() {
        List<String> bindings = new ArrayList<>();
        bindings.add(hex(record(r -> r.setLanguage("n").setPolicyVersion("bv1"))));
        bindings.add(hex(record(r -> r.setLanguage("nb").setPolicyVersion("v1"))));
        bindings.add(hex(record(r -> r.setLanguage("nbv").setPolicyVersion("1"))));
        bindings.add(hex(record(r -> r.setPolicyVersion("v1").setRecipients(List.of("", "a", "b")))));
        bindings.add(hex(record(r -> r.setPolicyVersion("v1").setRecipients(List.of("a", "", "b")))));
        assertThat(bindings).doesNotHaveDuplicates();
    }

    @Test
    void the_form_is_part_of_the_binding_so_that_a_seal_cannot_be_downgraded() {
        SealBinding binding = SealBinding.of(record(r -> {}));
        assertThat(binding.associatedData()).startsWith(SealBinding.FORM);
        assertThat(binding.associatedData(SealBinding.FORM)).hasValue(binding.associatedData());
        assertThat(binding.associatedData(SealBinding.FIRST_FORM).orElseThrow()).startsWith(SealBinding.FIRST_FORM);
        assertThat(binding.associatedData((byte) 0)).isEmpty();
        assertThat(binding.associatedData((byte) 4)).isEmpty();
        assertThat(binding.associatedData((byte) -1)).isEmpty();
    }

    @Test
    void a_correction_is_bound_to_the_signup_that_it_corrects_and_opens_under_no_other_form() {
        SealBinding correction = SealBinding.of(record(r -> r.setConcerns(SignupIds.fixed(new UUID(5, 6)))));
        assertThat(correction.associatedData()).startsWith(SealBinding.CORRECTION_FORM);
        assertThat(correction.associatedData(SealBinding.CORRECTION_FORM)).hasValue(correction.associatedData());
        assertThat(correction.associatedData(SealBinding.FORM)).isEmpty();
        assertThat(correction.associatedData(SealBinding.FIRST_FORM)).isEmpty();
        assertThat(SealBinding.of(record(r -> r.setConcerns(SignupIds.fixed(new UUID(5, 7)))))
                        .associatedData())
                .isNotEqualTo(correction.associatedData());
    }

    @Test
    void what_was_sealed_under_the_first_form_is_bound_as_it_was_then() {
        assertThat(SealBinding.of(record(r -> {}))
                        .associatedData(SealBinding.FIRST_FORM)
                        .map(HexFormat.of()::formatHex))
                .hasValue("01" + "0000000000000001" + "0000000000000002" + "00000001" + "00024e4f" + "01" + "00026e62"
                        + "00027631" + "00000002" + "000161" + "000162"
                        + HexFormat.of().toHexDigits(AT.plusSeconds(40).toEpochMilli()));
    }

    @Test
    void a_text_that_the_first_form_has_no_room_for_was_not_sealed_under_it() {
        SealBinding binding = SealBinding.of(record(r -> r.setPolicyVersion("v".repeat(70_000))));
        assertThat(binding.associatedData(SealBinding.FIRST_FORM)).isEmpty();
        assertThat(binding.associatedData(SealBinding.FORM)).isPresent();
    }

    @Test
    void the_key_expires_a_quarter_of_the_hold_but_at_most_ten_minutes_before_the_promise() {
        assertThat(HoldTimes.of(AT, Duration.ofHours(24)))
                .isEqualTo(new HoldTimes(
                        AT.plus(Duration.ofHours(24)).minus(Duration.ofMinutes(10)), AT.plus(Duration.ofHours(24))));
        assertThat(HoldTimes.of(AT, Duration.ofSeconds(40)))
                .isEqualTo(new HoldTimes(AT.plusSeconds(30), AT.plusSeconds(40)));
    }

    private static SealedSignup record(Consumer<SealedSignup.Builder> change) {
        SealedSignup.Builder builder = SealedSignup.newBuilder()
                .setSignupId(SignupIds.fixed(ID))
                .setPersonSchema(1)
                .setSlot(7)
                .setGeneration(3)
                .setReceivedAt(AT)
                .setKeyExpiry(AT.plusSeconds(30))
                .setEraseBy(AT.plusSeconds(40))
                .setCountry("NO")
                .setLanguage("nb")
                .setPolicyVersion("v1")
                .setPurposes(List.of(Purpose.BROKER_HANDOFF))
                .setRecipients(List.of("a", "b"))
                .setConsentGivenAt(AT.minusSeconds(5))
                .setSealedPerson(ByteBuffer.allocate(0));
        change.accept(builder);
        return builder.build();
    }

    private static String hex(SealedSignup record) {
        return HexFormat.of().formatHex(SealBinding.of(record).associatedData());
    }
}
