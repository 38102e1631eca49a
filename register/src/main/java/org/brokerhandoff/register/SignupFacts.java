package org.brokerhandoff.register;

import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.WithdrawalMethod;
import org.jspecify.annotations.Nullable;

/**
 * One batch's facts about one signup. The rules are those of the database's upsert: the first of repeated facts stays, and of several
 * assignments the one with the highest hop.
 */
final class SignupFacts {
    @Nullable
    ConsentGranted granted;

    @Nullable
    ContactReceived contact;

    @Nullable
    ConsentWithdrawn withdrawn;

    @Nullable
    Assigned assigned;

    @Nullable
    Delivered delivered;

    @Nullable
    Undeliverable undeliverable;

    @Nullable
    Purged purged;

    void add(ConsentGranted event) {
        granted = granted == null ? event : granted;
    }

    void add(ContactReceived event) {
        contact = contact == null ? event : contact;
    }

    void add(ConsentWithdrawn event) {
        withdrawn = withdrawn == null || withdrawn.getMethod() == WithdrawalMethod.NOT_RECORDED ? event : withdrawn;
    }

    void add(Assigned event) {
        assigned = assigned == null || assigned.getHop() < event.getHop() ? event : assigned;
    }

    void add(Delivered event) {
        delivered = delivered == null ? event : delivered;
    }

    void add(Undeliverable event) {
        undeliverable = undeliverable == null ? event : undeliverable;
    }

    void add(Purged event) {
        purged = purged == null ? event : purged;
    }
}
