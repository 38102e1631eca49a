package org.brokerhandoff.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.sandbox.Exchange.Signed;
import org.junit.jupiter.api.Test;

class NewestExchangesTest {
    private final NewestExchanges newest = new NewestExchanges();

    private static Exchange exchange(int second, String kind, Signed signed) {
        return new Exchange(Instant.ofEpochSecond(second), kind, Optional.empty(), "200 accepted", signed, "");
    }

    @Test
    void many_of_one_sort_do_not_push_out_the_few_of_another() {
        newest.add(exchange(0, "handoff", Signed.WRONG));
        newest.add(exchange(1, "notice", Signed.RIGHT));
        for (int i = 2; i < 1000; i++) {
            newest.add(exchange(i, "handoff", Signed.RIGHT));
        }
        assertThat(newest.list())
                .hasSize(NewestExchanges.MOST + 2)
                .startsWith(exchange(999, "handoff", Signed.RIGHT))
                .endsWith(exchange(1, "notice", Signed.RIGHT), exchange(0, "handoff", Signed.WRONG));
        newest.clear();
        assertThat(newest.list()).isEmpty();
    }

    @Test
    void a_choice_leaves_out_what_it_does_not_name() {
        newest.add(exchange(1, "handoff", Signed.RIGHT));
        newest.add(exchange(2, "handoff", Signed.WRONG));
        newest.add(new Exchange(
                Instant.ofEpochSecond(3), "ping", Optional.empty(), "409 rejected", Signed.NOT_CHECKED, ""));
        assertThat(shown("", "")).isEqualTo(3);
        assertThat(shown("handoff", "")).isEqualTo(2);
        assertThat(shown("", "signature")).isEqualTo(1);
        assertThat(shown("", "trouble")).isEqualTo(1);
        assertThat(shown("handoff", "trouble")).isZero();
        assertThat(RequestFilter.of(name -> Optional.of("nonsense"))).isEmpty();
    }

    private int shown(String kind, String only) {
        return RequestFilter.of(name -> Optional.of(name.equals("kind") ? kind : only))
                .orElseThrow()
                .of(newest.list())
                .size();
    }
}
