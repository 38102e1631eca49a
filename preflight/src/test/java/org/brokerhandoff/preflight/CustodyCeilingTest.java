package org.brokerhandoff.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokerhandoff.custody.preflight.FindingName;
import org.brokerhandoff.event.CustodyFinding;
import org.brokerhandoff.schemas.CustodyCeiling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An auditor computes from an examination what custody does. */
class CustodyCeilingTest {
    @ParameterizedTest
    @EnumSource(FindingName.class)
    void a_finding_permits_what_custody_says(FindingName name) {
        assertThat(CustodyCeiling.of(CustodyFinding.valueOf(name.name())).name())
                .isEqualTo(name.permits().name());
    }
}
