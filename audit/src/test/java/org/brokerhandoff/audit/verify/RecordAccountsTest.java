package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.FinishedRecords;
import org.brokerhandoff.event.RecordEnd;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class RecordAccountsTest {
    private static final UUID FIRST = new UUID(7, 1);
    private static final UUID SECOND = new UUID(7, 2);

    private final RecordAccounts accounts = new RecordAccounts();
    private final List<Fact> facts = new ArrayList<>();

    private void told(long first, FinishedRecords... records) {
        accounts.add(
                new RecordsFinished(SealedTopic.SIGNUPS, 0, first, List.of(records), Instant.EPOCH),
                0,
                1,
                (signup, fact) -> facts.add(fact));
    }

    private void markers(long first, int count) {
        told(first, new FinishedRecords(RecordEnd.MARKER, count, List.of()));
    }

    private List<Boolean> tells(long... offsets) {
        List<Boolean> told = new ArrayList<>();
        for (long offset : offsets) {
            told.add(accounts.tells(SealedTopic.SIGNUPS, offset));
        }
        return told;
    }

    private List<String> untold() {
        return accounts.untold(SealedTopic.SIGNUPS);
    }

    @Test
    void an_account_tells_of_its_first_offset_to_its_last_and_of_no_other() {
        markers(5, 3);
        assertThat(tells(4, 5, 7, 8)).containsExactly(false, true, true, false);
        assertThat(accounts.tells(SealedTopic.SIGNUPS_PARKED, 5)).isFalse();
    }

    @Test
    void what_no_router_told_of_lies_before_and_between_the_accounts() {
        assertThat(untold()).isEmpty();
        markers(2, 3);
        assertThat(untold()).containsExactly("0 to 1");
        markers(7, 1);
        assertThat(untold()).containsExactly("0 to 1", "5 to 6");
        markers(0, 2);
        assertThat(untold()).containsExactly("5 to 6");
        markers(5, 2);
        assertThat(untold()).isEmpty();
        assertThat(accounts.untold(SealedTopic.SIGNUPS_PARKED)).isEmpty();
    }

    @Test
    void accounts_of_the_same_offsets_by_two_routers_count_as_one_whichever_comes_first() {
        markers(4, 2);
        markers(8, 1);
        markers(0, 12);
        markers(3, 2);
        markers(11, 3);
        assertThat(untold()).isEmpty();
        assertThat(tells(0, 4, 6, 8, 9, 13, 14)).containsExactly(true, true, true, true, true, true, false);
    }

    @Test
    void each_signup_that_an_account_names_stood_at_an_offset_of_its_own() {
        told(
                20,
                new FinishedRecords(RecordEnd.MARKER, 2, List.of()),
                new FinishedRecords(RecordEnd.ENDED, 2, List.of(SignupIds.fixed(FIRST), SignupIds.fixed(SECOND))));
        assertThat(facts)
                .containsExactly(
                        new Fact.Finish(SealedTopic.SIGNUPS, 22, RecordEnd.ENDED, 0),
                        new Fact.Finish(SealedTopic.SIGNUPS, 23, RecordEnd.ENDED, 0));
        assertThat(accounts.impossible()).isEmpty();
    }

    @Test
    void what_was_set_aside_is_known_by_its_offsets() {
        told(
                10,
                new FinishedRecords(RecordEnd.MARKER, 1, List.of()),
                new FinishedRecords(RecordEnd.SET_ASIDE, 2, List.of()));
        assertThat(accounts.neverSetAside(SealedTopic.SIGNUPS)).containsExactly(11L, 12L);
        assertThat(accounts.saysSetAside(SealedTopic.SIGNUPS, 10)).isFalse();
        assertThat(accounts.saysSetAside(SealedTopic.SIGNUPS, 12)).isTrue();
    }

    @Test
    void an_account_that_cannot_be_true_is_named_with_its_offset_and_counts_for_nothing() {
        told(6, new FinishedRecords(RecordEnd.ENDED, 2, List.of(SignupIds.fixed(FIRST))));
        assertThat(accounts.impossible())
                .containsExactly("of 2 records of SIGNUPS from offset 6 on that were ENDED it names 1 signups");
        assertThat(tells(6)).containsExactly(false);
    }

    @Test
    void a_signup_of_another_partition_is_named_with_the_offset_at_which_it_cannot_have_stood() {
        List<UUID> here = new ArrayList<>();
        UUID elsewhere = FIRST;
        for (long i = 0; here.isEmpty() || elsewhere.equals(FIRST); i++) {
            UUID id = new UUID(9, i);
            if (EventPartitions.of(id, 3) == 1) {
                here.add(id);
            } else {
                elsewhere = id;
            }
        }
        accounts.add(
                new RecordsFinished(
                        SealedTopic.SIGNUPS,
                        1,
                        30L,
                        List.of(new FinishedRecords(
                                RecordEnd.ENDED, 2, List.of(SignupIds.fixed(here.get(0)), SignupIds.fixed(elsewhere)))),
                        Instant.EPOCH),
                1,
                3,
                (signup, fact) -> facts.add(fact));
        assertThat(accounts.impossible())
                .singleElement()
                .asString()
                .startsWith("at offset 31 of SIGNUPS it names signup " + elsewhere);
    }
}
