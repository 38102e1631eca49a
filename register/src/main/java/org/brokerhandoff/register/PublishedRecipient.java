package org.brokerhandoff.register;

import java.util.Optional;
import org.brokerhandoff.event.RecipientRole;

/**
 * A broker's entry in the newest published directory that has it.
 *
 * @param id id in the broker directory
 * @param name its name
 * @param privacyPolicy URL of its privacy policy
 * @param contact its contact for people
 * @param role its role under the GDPR; absent in publications before roles existed
 */
public record PublishedRecipient(
        String id, String name, String privacyPolicy, Optional<String> contact, Optional<RecipientRole> role) {}
