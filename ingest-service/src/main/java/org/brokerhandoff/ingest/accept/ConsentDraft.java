package org.brokerhandoff.ingest.accept;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.ingest.domain.Consent;
import org.brokerhandoff.ingest.domain.ConsentMethod;
import org.brokerhandoff.schemas.CanaryBrokers;
import org.brokerhandoff.schemas.ContentKind;
import org.jspecify.annotations.Nullable;

/** The consent of one request while it is read. Lives for one call of {@link SignupParser}. */
final class ConsentDraft {
    private static final String KNOWN = "policyVersion, purposes, recipients, givenAt, method, formSha256, declaredAge";
    private static final int MOST_RECIPIENTS = 50;

    private final Faults faults;
    private final boolean canary;
    private @Nullable String policyVersion;
    private @Nullable List<String> purposes;
    private @Nullable List<String> recipients;
    private @Nullable String givenAt;
    private @Nullable String method;
    private @Nullable String formSha256;
    private @Nullable Integer declaredAge;
    private final Set<String> seen = new HashSet<>(8);

    /** @param canary whether the signup must be a retention canary's; otherwise it must not be one */
    ConsentDraft(Faults faults, boolean canary) {
        this.faults = faults;
        this.canary = canary;
    }

    void read(JsonCursor json) throws IOException {
        json.object("/consent", KNOWN, name -> {
            switch (name) {
                case "policyVersion" ->
                    policyVersion = json.text("/consent/policyVersion").orElse(null);
                case "purposes" -> purposes = json.texts("/consent/purposes").orElse(null);
                case "recipients" ->
                    recipients = json.texts("/consent/recipients").orElse(null);
                case "givenAt" -> givenAt = json.text("/consent/givenAt").orElse(null);
                case "method" -> method = json.text("/consent/method").orElse(null);
                case "formSha256" ->
                    formSha256 = json.text("/consent/formSha256").orElse(null);
                case "declaredAge" ->
                    declaredAge = json.wholeNumber("/consent/declaredAge").orElse(null);
                default -> {
                    return false;
                }
            }
            seen.add(name);
            return true;
        });
    }

    /**
     * The consent; absent if faults were added.
     *
     * @param country requirements of the country of residence
     */
    Optional<Consent> check(Instant now, CountryRule country) {
        require("policyVersion");
        require("purposes");
        require("recipients");
        require("givenAt");
        require("method");
        if (policyVersion != null && !ContentKind.POLICY_VERSION.matches(policyVersion)) {
            faults.add(
                    "/consent/policyVersion",
                    "policy-version-invalid",
                    "1 to 64 letters, digits, dots, underscores and hyphens");
        }
        checkPurposes();
        checkRecipients();
        Optional<String> formDigest = Optional.empty();
        if (formSha256 != null) {
            formDigest = Hexadecimal.sha256(formSha256);
            if (formDigest.isEmpty()) {
                faults.add("/consent/formSha256", "digest-invalid", "64 hexadecimal digits");
            }
        }
        Optional<ConsentMethod> how = Optional.empty();
        if (method != null) {
            how = ConsentMethod.named(method);
            if (how.isEmpty()) {
                faults.add("/consent/method", "method-unknown", "registration-form, preference-centre or contact-form");
            }
        }
        checkAge(country);
        Optional<Instant> when =
                givenAt == null ? Optional.empty() : GivenTime.check(faults, "/consent/givenAt", givenAt, now);
        return faults.isEmpty() && policyVersion != null && recipients != null && when.isPresent() && how.isPresent()
                ? Optional.of(new Consent(
                        policyVersion, recipients, when.get(), how.get(), formDigest, Optional.ofNullable(declaredAge)))
                : Optional.empty();
    }

    private void require(String member) {
        if (!seen.contains(member)) {
            faults.add("/consent/" + member, "required", "is required");
        }
    }

    private void checkAge(CountryRule country) {
        if (declaredAge != null && !CountryRule.isAgeLimit(declaredAge)) {
            faults.add(
                    "/consent/declaredAge",
                    "declared-age-invalid",
                    "years from 1 to " + CountryRule.HIGHEST_AGE
                            + ": the age that the person confirmed having reached, not their age");
        } else if (!seen.contains("declaredAge") && country.minimumAge().isPresent()) {
            faults.add("/consent/declaredAge", "declared-age-required", asked(country));
        } else if (declaredAge != null && !country.admits(Optional.of(declaredAge))) {
            faults.add("/consent/declaredAge", "declared-age-too-low", asked(country));
        }
    }

    private static String asked(CountryRule country) {
        return "people who live in that country have to confirm an age of "
                + country.minimumAge().orElseThrow() + " years or more";
    }

    private void checkPurposes() {
        if (purposes == null) {
            return;
        }
        if (!purposes.contains(Consent.PURPOSE)) {
            faults.add("/consent/purposes", "purpose-missing", "must contain " + Consent.PURPOSE);
        }
        for (int i = 0; i < purposes.size(); i++) {
            if (!purposes.get(i).equals(Consent.PURPOSE)) {
                faults.add("/consent/purposes/" + i, "purpose-unknown", "the one purpose is " + Consent.PURPOSE);
            } else if (purposes.indexOf(Consent.PURPOSE) < i) {
                faults.add("/consent/purposes/" + i, "duplicate", "each purpose once");
            }
        }
    }

    private void checkRecipients() {
        if (recipients == null) {
            return;
        }
        if (recipients.isEmpty() || recipients.size() > MOST_RECIPIENTS) {
            faults.add("/consent/recipients", "recipients-count", "1 to " + MOST_RECIPIENTS + " broker ids");
            return;
        }
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < recipients.size(); i++) {
            if (!ContentKind.BROKER_ID.matches(recipients.get(i))) {
                faults.add("/consent/recipients/" + i, "broker-id-invalid", "1 to 64 of a-z, digits and hyphen");
            } else if (!distinct.add(recipients.get(i))) {
                faults.add("/consent/recipients/" + i, "duplicate", "each broker once");
            } else if (CanaryBrokers.isOne(recipients.get(i)) != canary) {
                faults.add(
                        "/consent/recipients/" + i,
                        "recipient-not-for-key",
                        "a key of scope canary names brokers whose ids begin with " + CanaryBrokers.PREFIX
                                + ", and no other key does");
            }
        }
    }
}
