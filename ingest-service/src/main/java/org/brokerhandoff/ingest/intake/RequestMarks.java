package org.brokerhandoff.ingest.intake;

import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.idempotency.RequestMark;
import org.brokerhandoff.ingest.publish.SignupEvents;

/** Marks requests by their content except person and times. Very many share that content, so its digests are cached. Thread-safe. */
final class RequestMarks {
    private static final int MOST_REMEMBERED = 2048;

    private final ConcurrentMap<Said, Digest> remembered = new ConcurrentHashMap<>();

    private record Said(String owner, Entry timeless) {}

    RequestMark of(Submission submission) {
        Entry entry = submission.entry();
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        Digest digest = remembered.computeIfAbsent(
                new Said(submission.request().owner(), entry.givenAt(Instant.EPOCH)),
                said -> SignupEvents.digest(said.owner(), said.timeless()));
        return new RequestMark(digest, entry.givenAt());
    }
}
