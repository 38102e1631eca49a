package org.brokerhandoff.router.purge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.router.purge.CompletionTracker.Account;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.brokerhandoff.schemas.SignupIds;

/** Makes the event that accounts for successive offsets. Pure. */
final class FinishEvents {
    private FinishEvents() {}

    static RecordsFinished of(SealedTopic topic, int partition, Account account, Instant finishedAt) {
        List<FinishedRecords> records = new ArrayList<>();
        List<Finish> finishes = account.finishes();
        for (int first = 0, end; first < finishes.size(); first = end) {
            RecordEnd kind = finishes.get(first).end();
            end = first;
            List<SignupId> signups = new ArrayList<>();
            while (end < finishes.size() && finishes.get(end).end() == kind) {
                finishes.get(end).signup().map(SignupIds::fixed).ifPresent(signups::add);
                end++;
            }
            records.add(new FinishedRecords(kind, end - first, signups));
        }
        return RecordsFinished.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setFirstOffset(account.firstOffset())
                .setRecords(records)
                .setFinishedAt(finishedAt)
                .build();
    }
}
