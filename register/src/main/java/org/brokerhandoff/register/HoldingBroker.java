package org.brokerhandoff.register;

import java.util.Optional;

/**
 * The broker that a signup is assigned to or was delivered to.
 *
 * @param id id in the broker directory
 * @param name name in the newest published directory that has the id; the id if none has
 * @param privacyPolicy URL of the broker's privacy policy, from the same directory
 * @param cookiePolicy URL of its cookie policy, from the same directory
 * @param contact its contact for people, from the same directory
 */
public record HoldingBroker(
        String id,
        String name,
        Optional<String> privacyPolicy,
        Optional<String> cookiePolicy,
        Optional<String> contact) {}
