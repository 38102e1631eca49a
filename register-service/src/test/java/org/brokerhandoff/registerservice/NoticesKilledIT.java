package org.brokerhandoff.registerservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.sandbox.NoticeReaction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The register service as a process that dies without warning at every write of a notice. */
@Tag("faults")
class NoticesKilledIT {
    @TempDir
    Path directory;

    /**
     * One process's death.
     *
     * @param fault where it dies
     * @param questions how often the broker must be polled until it has done it
     * @param arrivals how often the broker is notified: again only if the first notice's arrival is unknown
     */
    private record Death(FaultyNoticesMain.Fault fault, int questions, int arrivals, UUID signup) {}

    @Test
    void killed_at_any_write_the_next_start_has_the_broker_confirm_and_the_log_say_so_once() throws Exception {
        try (RegisterFixture fixture = new RegisterFixture(directory)) {
            List<Death> deaths = List.of(
                    new Death(FaultyNoticesMain.Fault.SENT_UNRECORDED, 0, 2, fixture.delivered()),
                    new Death(FaultyNoticesMain.Fault.SENT_ACKNOWLEDGED, 0, 1, fixture.delivered()),
                    new Death(FaultyNoticesMain.Fault.SENT_ACKNOWLEDGED, 1, 1, fixture.delivered()),
                    new Death(FaultyNoticesMain.Fault.CONFIRMED_UNRECORDED, 1, 1, fixture.delivered()),
                    new Death(FaultyNoticesMain.Fault.CONFIRMED_ACKNOWLEDGED, 0, 1, fixture.delivered()));
            UUID last = fixture.delivered();
            Set<UUID> slow = deaths.stream()
                    .filter(death -> death.questions() > 0)
                    .map(Death::signup)
                    .collect(Collectors.toSet());
            fixture.fjord.behaveOnNotices((id, type, arrival) ->
                    slow.contains(id) ? new NoticeReaction.Pend(1) : new NoticeReaction.Complete());
            Optional<UUID> before = Optional.empty();
            for (Death death : deaths) {
                Process process = fixture.fork(
                        FaultyNoticesMain.class,
                        death.fault().name(),
                        death.signup().toString());
                // This one repairs what the previous one left, and then dies itself.
                before.ifPresent(id -> fixture.awaitEvent(id, NoticeConfirmed.class));
                fixture.withdraw(death.signup());
                assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as("%s", death).isEqualTo(FaultyNoticesMain.HALTED);
                assertArrived(fixture, death, 1);
                before = Optional.of(death.signup());
            }
            fixture.start();
            // Earlier withdrawals are processed first: by its end, each has had every chance of a repeated notice.
            fixture.withdraw(last);
            fixture.awaitEvent(last, NoticeConfirmed.class);

            for (Death death : deaths) {
                UUID id = death.signup();
                assertThat(fixture.notice(id).orElseThrow().completed())
                        .as("%s", death)
                        .isTrue();
                assertArrived(fixture, death, death.arrivals());
                assertThat(fixture.distinct(id, NoticeConfirmed.class))
                        .as("%s", death)
                        .hasSize(1);
                assertThat(fixture.answeredSendings(id))
                        .as("the same sending, also where it was made twice: %s", death)
                        .hasSize(1);
            }
            assertThat(fixture.fjord.books().totals().badSignatures()).isZero();
        }
    }

    /** On a busy machine an answer may be late: the notice is then sent again, and the log says so. */
    private static void assertArrived(RegisterFixture fixture, Death death, int times) {
        assertThat(fixture.notice(death.signup()).orElseThrow().arrivals())
                .as("%s", death)
                .isBetween(
                        times,
                        times + fixture.unansweredSendings(death.signup()).size());
    }
}
