package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.RightsFact.Decision;
import org.brokerhandoff.audit.verify.RightsFact.Extension;
import org.brokerhandoff.audit.verify.RightsFact.Holding;
import org.brokerhandoff.audit.verify.RightsFact.Request;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RightsFactTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);
    private static final Holding HELD = new Holding(HoldingFound.HELD, 0);

    private static Request request(
            long offset, UUID id, RightsType type, long at, long due, Holding holding, boolean anew) {
        return new Request(offset, id, type, at, due, holding, anew ? OTHER : null);
    }

    private static Decision decision(long offset, UUID id, long at, RequestDecision decision, RightsGround ground) {
        return new Decision(offset, id, at, decision, ground);
    }

    static Stream<FactTest.Repeats> facts() {
        return Stream.of(
                new FactTest.Repeats(
                        request(1, ONE, RightsType.ERASURE, 10, 90, HELD, false),
                        request(8, ONE, RightsType.ERASURE, 10, 90, HELD, false),
                        List.of(
                                request(8, OTHER, RightsType.ERASURE, 10, 90, HELD, false),
                                request(8, ONE, RightsType.ACCESS, 10, 90, HELD, false),
                                request(8, ONE, RightsType.ERASURE, 11, 90, HELD, false),
                                request(8, ONE, RightsType.ERASURE, 10, 91, HELD, false),
                                request(8, ONE, RightsType.ERASURE, 10, 90, new Holding(HoldingFound.HELD, 1), false),
                                request(8, ONE, RightsType.ERASURE, 10, 90, HELD, true))),
                new FactTest.Repeats(
                        new Extension(1, ONE, 10, 90),
                        new Extension(8, ONE, 11, 90),
                        List.of(
                                new Extension(8, OTHER, 10, 90),
                                new Extension(8, ONE, 10, 91),
                                // The earlier of two times is the one to be judged.
                                new Extension(8, ONE, 9, 90))),
                new FactTest.Repeats(
                        decision(1, ONE, 10, RequestDecision.REFUSED, RightsGround.LEGAL_CLAIMS),
                        decision(8, ONE, 11, RequestDecision.REFUSED, RightsGround.LEGAL_CLAIMS),
                        List.of(
                                decision(8, OTHER, 10, RequestDecision.REFUSED, RightsGround.LEGAL_CLAIMS),
                                decision(8, ONE, 10, RequestDecision.GRANTED, RightsGround.LEGAL_CLAIMS),
                                decision(8, ONE, 10, RequestDecision.REFUSED, RightsGround.JUSTIFIED),
                                decision(8, ONE, 9, RequestDecision.REFUSED, RightsGround.LEGAL_CLAIMS))));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void what_is_published_again_adds_nothing_and_what_says_anything_else_does(FactTest.Repeats repeats) {
        assertThat(repeats.fact().addsNothingTo(repeats.fact())).isTrue();
        assertThat(repeats.again().addsNothingTo(repeats.fact())).isTrue();
        for (Fact other : repeats.others()) {
            assertThat(other.addsNothingTo(repeats.fact())).as("%s", other).isFalse();
        }
        assertThat(repeats.fact().addsNothingTo(new Fact.Parking(true))).isFalse();
    }
}
