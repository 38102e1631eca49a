package org.brokerhandoff.register;

import java.util.Optional;
import org.brokerhandoff.event.RecipientRole;

/**
 * A broker as the newest published directory that has it says.
 *
 * @param id id in the broker directory
 * @param name its name
 * @param privacyPolicy address of its own privacy policy
 * @param contact where people reach it
 * @param role what it is in the terms of the GDPR; absent if it was published before roles were
 */
public record PublishedRecipient(
        String id, String name, String privacyPolicy, Optional<String> contact, Optional<RecipientRole> role) {}
