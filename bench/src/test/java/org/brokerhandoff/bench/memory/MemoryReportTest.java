package org.brokerhandoff.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryReportTest {
    private static final SearchedProcess CELL =
            new SearchedProcess("cell0", List.of(), Set.of(Subject.Kind.CONTROL_TEXT, Subject.Kind.CONTROL_PART));

    private final MemoryReport report = new MemoryReport(10, 9, true);
    private final MemoryFindings findings = new MemoryFindings();

    private void found(Subject subject) {
        findings.found(RegionKind.ANONYMOUS, subject, "bytes");
    }

    @Test
    void a_search_that_did_not_find_a_control_is_blind_there() {
        report.add(CELL, findings);
        assertThat(report.blindSpots()).containsExactly("cell0 text", "cell0 part");
        found(new Subject(Subject.Kind.CONTROL_TEXT, 0));
        assertThat(report.blindSpots()).containsExactly("cell0 part");
        assertThat(report.json()).contains("\"blind\" : true");
        found(Subject.part(Subject.Kind.CONTROL_PART, 0, 2));
        assertThat(report.blindSpots()).isEmpty();
        assertThat(report.clean()).as("a control is no finding").isTrue();
    }

    @Test
    void people_may_be_tolerated_keys_and_their_parts_are_not() {
        report.add(CELL, findings);
        found(new Subject(Subject.Kind.PERSON, 3));
        assertThat(report.clean()).isFalse();
        assertThat(report.tolerable(1)).isTrue();
        found(Subject.part(Subject.Kind.PART, 3, 1));
        assertThat(report.tolerable(1)).isFalse();
        assertThat(report.text()).contains("part as bytes");
    }

    @Test
    void a_key_is_there_in_parts_only_if_all_three_are() {
        found(Subject.part(Subject.Kind.PART, 1, 2));
        found(Subject.part(Subject.Kind.PART, 2, 0));
        found(Subject.part(Subject.Kind.PART, 2, 1));
        assertThat(findings.keysFromParts()).isZero();
        found(Subject.part(Subject.Kind.PART, 2, 2));
        assertThat(findings.keysFromParts()).isOne();
        assertThat(findings.count(Subject.Kind.PART)).isEqualTo(4);
    }
}
