package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BooksTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private final Books books = new Books();
    private final UUID id = UUID.randomUUID();

    @Test
    void the_first_acceptance_counts_and_later_ones_are_duplicates() {
        assertThat(books.arrived(id, "NO", 10, NOW)).isEqualTo(new HandoffFacts(id, "NO", 1, 1, 1));
        assertThat(books.accept(id, 20)).isEqualTo(Verdict.ACCEPTED);
        assertThat(books.arrived(id, "NO", 30, NOW.plusSeconds(1))).isEqualTo(new HandoffFacts(id, "NO", 2, 1, 2));
        assertThat(books.accept(id, 40)).isEqualTo(Verdict.DUPLICATE);
        Books.Account account = books.account(id).orElseThrow();
        assertThat(account.accepted()).isEqualTo(1);
        assertThat(account.duplicates()).isEqualTo(1);
        assertThat(account.firstByteNanos()).isEqualTo(10);
        assertThat(account.acceptedNanos()).isEqualTo(20);
        assertThat(account.firstByteAt()).contains(NOW);
        assertThat(account.lastByteAt()).contains(NOW.plusSeconds(1));
        assertThat(books.totals()).isEqualTo(new Books.Totals(1, 2, 1, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void what_was_accepted_is_not_refused_later() {
        assertThat(books.refuse(id)).isEqualTo(Verdict.REFUSED);
        assertThat(books.handoffStatus(id)).isEqualTo("rejected");
        books.accept(id, 1);
        assertThat(books.refuse(id)).isEqualTo(Verdict.DUPLICATE);
        assertThat(books.handoffStatus(id)).isEqualTo("accepted");
        assertThat(books.handoffStatus(UUID.randomUUID())).isEqualTo("unknown");
    }

    @Test
    void keys_are_kept_only_where_they_can_say_nothing() {
        UUID other = UUID.randomUUID();
        books.keySeen(id, id.toString());
        books.keySeen(id, id.toString());
        books.keySeen(id, other.toString());
        books.keySeen(id, "kari.nordmann@example.no");
        assertThat(books.account(id).orElseThrow().idempotencyKeys())
                .containsExactlyInAnyOrder(id.toString(), other.toString(), Books.UNREADABLE_KEY);
        for (int i = 0; i < 100; i++) {
            books.keySeen(id, UUID.randomUUID().toString());
        }
        assertThat(books.account(id).orElseThrow().idempotencyKeys()).hasSize(16);
    }

    private Contract.Notice notice(String type, UUID request) {
        return new Contract.Notice(id, type, Optional.of(request));
    }

    private String status(Optional<UUID> request) {
        return books.noticeStatus(id, request).status();
    }

    @Test
    void a_pending_notice_is_completed_after_its_questions() {
        Contract.Notice withdrawal = new Contract.Notice(id, "withdrawal", Optional.empty());
        assertThat(status(Optional.empty())).isEqualTo("unknown");
        assertThat(books.noticeArrived(withdrawal, NOW)).isEqualTo(1);
        assertThat(status(Optional.empty())).isEqualTo("unknown");
        assertThat(books.noticeTaken(withdrawal, 2)).isEqualTo(NoticeAccounts.State.PENDING);
        assertThat(status(Optional.empty())).isEqualTo("pending");
        assertThat(books.noticeArrived(withdrawal, NOW)).isEqualTo(2);
        assertThat(books.noticeTaken(withdrawal, 2)).isEqualTo(NoticeAccounts.State.PENDING);
        assertThat(status(Optional.empty())).isEqualTo("pending");
        assertThat(status(Optional.empty())).isEqualTo("completed");
        assertThat(books.noticeTaken(withdrawal, 2)).isEqualTo(NoticeAccounts.State.COMPLETED);
        assertThat(books.account(id).orElseThrow().notices())
                .containsExactly(new Books.NoticeAccount("withdrawal", Optional.empty(), 2, NOW, "completed", ""));
    }

    @Test
    void each_request_has_a_notice_of_its_own() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        assertThat(books.noticeArrived(notice("restriction", first), NOW)).isEqualTo(1);
        assertThat(books.noticeArrived(notice("restriction", second), NOW)).isEqualTo(1);
        books.noticeRefused(notice("restriction", first), "legal-claims");
        books.noticeTaken(notice("restriction", second), 1);
        assertThat(books.noticeStatus(id, Optional.of(first)))
                .isEqualTo(new NoticeAccounts.State("refused", "legal-claims"));
        assertThat(status(Optional.of(UUID.randomUUID()))).isEqualTo("unknown");
        assertThat(status(Optional.of(second))).isEqualTo("pending");
        assertThat(status(Optional.of(second))).isEqualTo("completed");
        assertThat(books.noticeRefused(notice("restriction", second), "legal-claims"))
                .as("what was confirmed is not taken back")
                .isEqualTo(NoticeAccounts.State.COMPLETED);
        assertThat(books.noticeTaken(notice("restriction", first), 0))
                .as("a broker may think better of it")
                .isEqualTo(NoticeAccounts.State.COMPLETED);
    }

    @Test
    void threads_do_not_lose_counts() {
        UUID[] ids = IntStream.range(0, 50).mapToObj(i -> UUID.randomUUID()).toArray(UUID[]::new);
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            books.arrived(ids[i % 50], "NO", i, NOW);
            books.accept(ids[i % 50], i);
        });
        assertThat(books.totals()).isEqualTo(new Books.Totals(50, 20_000, 50, 19_950, 0, 0, 0, 0, 0));
        assertThat(books.accounts()).hasSize(50).allMatch(account -> account.deliveries() == 400);
        books.clear();
        assertThat(books.totals()).isEqualTo(new Books.Totals(0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(books.accounts()).isEmpty();
    }
}
