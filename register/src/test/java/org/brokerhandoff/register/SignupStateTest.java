package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.brokerhandoff.event.PurgeReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignupStateTest {
    @ParameterizedTest
    @CsvSource({
        // withdrawn, delivered, undeliverable, purged, assigned -> state
        "false, false, false,              , false, RECEIVED",
        "false, false, false,              , true,  ASSIGNED",
        "false, true,  false,              , true,  DELIVERED",
        "false, true,  false,              , false, DELIVERED",
        "false, true,  false, DELIVERED    , true,  DELIVERED",
        "false, false, false, DELIVERED    , false, DELIVERED",
        "false, true,  false, EXPIRED      , true,  DELIVERED",
        "false, true,  false, UNDELIVERABLE, true,  DELIVERED",
        "false, false, true ,              , false, UNDELIVERABLE",
        "false, false, true , UNDELIVERABLE, false, UNDELIVERABLE",
        "false, false, true , EXPIRED      , false, EXPIRED",
        "false, false, false, EXPIRED      , true,  EXPIRED",
        "false, false, false, EXPIRED      , false, EXPIRED",
        "false, false, false, LOST         , true,  EXPIRED",
        "false, false, false, INVALID      , false, UNDELIVERABLE",
        "false, false, false, WITHDRAWN    , false, WITHDRAWN",
        "false, true,  false, WITHDRAWN    , true,  WITHDRAWN",
        "true,  false, false,              , false, WITHDRAWN",
        "true,  false, false,              , true,  WITHDRAWN",
        "true,  true,  false,              , true,  WITHDRAWN",
        "true,  true,  false, DELIVERED    , true,  WITHDRAWN",
        "true,  false, true , EXPIRED      , true,  WITHDRAWN",
    })
    void the_state_follows_from_the_facts(
            boolean withdrawn,
            boolean delivered,
            boolean undeliverable,
            PurgeReason purged,
            boolean assigned,
            SignupState expected) {
        assertThat(SignupState.of(withdrawn, delivered, undeliverable, Optional.ofNullable(purged), assigned))
                .isEqualTo(expected);
    }

    @Test
    void a_purged_signup_is_never_received_or_assigned() {
        for (PurgeReason reason : PurgeReason.values()) {
            for (int facts = 0; facts < 16; facts++) {
                assertThat(SignupState.of(
                                (facts & 1) != 0,
                                (facts & 2) != 0,
                                (facts & 4) != 0,
                                Optional.of(reason),
                                (facts & 8) != 0))
                        .isNotIn(SignupState.RECEIVED, SignupState.ASSIGNED);
            }
        }
    }
}
