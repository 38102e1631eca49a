package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.brokerhandoff.event.BrokerStatus;
import org.junit.jupiter.api.Test;

class CanaryBrokersTest {
    @Test
    void a_consent_is_a_canarys_if_it_names_canary_brokers_and_nothing_else() {
        assertThat(CanaryBrokers.areAll(List.of("canary-one", "canary-two"))).isTrue();
        assertThat(CanaryBrokers.areAll(List.of("canary-one", "fjord-markets"))).isFalse();
        assertThat(CanaryBrokers.areAll(List.of("fjord-canary-"))).isFalse();
        assertThat(CanaryBrokers.areAll(List.of())).isFalse();
    }

    @Test
    void a_canary_broker_receives_under_test_only_and_every_other_when_it_is_active_only() {
        assertThat(CanaryBrokers.receivingStatus("canary-one")).isEqualTo(BrokerStatus.TEST);
        assertThat(CanaryBrokers.receivingStatus("canary")).isEqualTo(BrokerStatus.ACTIVE);
    }
}
