package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.ConsentMethod;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.WithdrawalMethod;

/** The consent as recorded, for the receipt; fields as in {@code ConsentGranted}, without the signup id. */
public record RecordedConsent(
        int recordVersion,
        String policyVersion,
        Digest noticeDigest,
        Optional<Digest> formDigest,
        String language,
        List<Purpose> purposes,
        List<DataCategory> dataCategories,
        List<String> recipients,
        String jurisdiction,
        WithdrawalMethod withdrawalMethod,
        Instant givenAt,
        ConsentMethod method,
        Instant receivedAt,
        Instant eraseBy,
        Optional<Integer> declaredAge) {
    /** Copies the lists. */
    public RecordedConsent {
        purposes = List.copyOf(purposes);
        dataCategories = List.copyOf(dataCategories);
        recipients = List.copyOf(recipients);
    }
}
