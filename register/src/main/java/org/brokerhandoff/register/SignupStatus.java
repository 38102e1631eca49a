package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The status of a signup.
 *
 * @param owner owner of the API key that submitted it; empty if it was accepted before owners were recorded
 * @param state its state, derived from all its events
 * @param receivedAt when ingest accepted it
 * @param eraseBy deadline for the proof of its purge
 * @param preservedUntil the deadline as changed by granted, unreleased preservation orders
 * @param broker the broker that delivered events name, otherwise the latest assigned one that has neither refused nor been released
 * @param everAssigned whether any broker was ever assigned, even one that refused: if not, none can have been sent the data
 * @param consent the recorded consent; a contact message has none
 * @param purge its purge, once claimed
 * @param withdrawal the withdrawal of the consent, if there was one
 * @param correction whether it is not a signup, but the new data of a rectification
 */
public record SignupStatus(
        UUID signupId,
        Optional<String> owner,
        SignupState state,
        Instant receivedAt,
        Instant eraseBy,
        Optional<Instant> preservedUntil,
        Optional<HoldingBroker> broker,
        boolean everAssigned,
        Optional<RecordedConsent> consent,
        Optional<PurgeStatus> purge,
        Optional<WithdrawalStatus> withdrawal,
        boolean correction) {}
