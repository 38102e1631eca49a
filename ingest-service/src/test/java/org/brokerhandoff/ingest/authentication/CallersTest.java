package org.brokerhandoff.ingest.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest {
    private static final UUID MINE = new UUID(1, 2);
    private static final UUID OTHER = new UUID(1, 3);
    private static final ApiKey KEY = new ApiKey("website-1", "shop", Set.of(Scope.WEBSITE), false);

    private final ApiKeys keys =
            new ApiKeys(List.of(new ApiKeys.Entry(Digests.sha256("key").bytes(), KEY)));
    private final Callers callers =
            new Callers(() -> keys, (signup, token) -> signup.equals(MINE) && token.equals("capability"));

    @Test
    void a_capability_makes_its_holder_a_caller_of_one_signup_and_of_no_other() {
        Caller holder = callers.actingOn(MINE, "Bearer capability").orElseThrow();
        assertThat(holder).isEqualTo(new ReceiptHolder(MINE));
        assertThat(holder.mayActOn(MINE, Optional.of("shop"))).isTrue();
        assertThat(holder.mayActOn(MINE, Optional.empty())).isTrue();
        assertThat(holder.mayActOn(OTHER, Optional.of("shop"))).isFalse();
        assertThat(holder.keyId()).isEmpty();
        assertThat(callers.actingOn(OTHER, "Bearer capability")).isEmpty();
        assertThat(callers.withKey("Bearer capability")).isEmpty();
    }

    @Test
    void a_key_acts_on_the_signups_of_its_owner() {
        Caller key = callers.actingOn(MINE, "bearer  key ").orElseThrow();
        assertThat(key).isEqualTo(KEY);
        assertThat(key.mayActOn(MINE, Optional.of("shop"))).isTrue();
        assertThat(key.mayActOn(MINE, Optional.of("other-shop"))).isFalse();
        assertThat(key.keyId()).contains("website-1");
        assertThat(Caller.Anybody.ANYBODY.mayActOn(MINE, Optional.of("shop"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "key", "Basic key", "Bearer wrong", "Bearer capability2"})
    void what_shows_neither_is_no_caller(String authorization) {
        assertThat(callers.actingOn(MINE, authorization)).isEmpty();
        assertThat(callers.withKey(authorization)).isEmpty();
    }

    @Test
    void no_header_and_one_that_is_too_long_are_no_caller() {
        assertThat(callers.actingOn(MINE, null)).isEmpty();
        assertThat(callers.actingOn(MINE, "Bearer " + " ".repeat(512) + "key")).isEmpty();
    }
}
