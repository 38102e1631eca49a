package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a signup stands.
 *
 * @param owner owner of the API key that it was submitted with; empty if it was accepted before owners were recorded
 * @param state its state, from all its events
 * @param receivedAt when ingest accepted it
 * @param eraseBy when its purge has to be proven at the latest
 * @param preservedUntil what that has become by preservation orders that were granted and not released
 * @param broker the broker that delivered events name, else the latest assigned one that has neither refused nor been released
 * @param everAssigned whether any broker was ever assigned, even one that refused: if not, none can have been sent the data
 * @param consent the consent as recorded; a contact message has none
 * @param purge its purge, once claimed
 * @param withdrawal the withdrawal of the consent, if there was one
 * @param correction whether it is no signup of its own, but the new data of a rectification
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
