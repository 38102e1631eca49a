package org.brokerhandoff.ledgerservice;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.witness.Witnesses;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;

/** The builder, in a JVM that halts when it passes the arrow of the first argument for the time that the second says. */
final class HaltingLedgerMain {
    /** Exit status of a JVM that has halted where it was told to. */
    static final int HALTED = 97;

    private HaltingLedgerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Step fatal = Step.valueOf(arguments[0]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
        LedgerService service = LedgerService.start(
                BuilderSettings.read(SettingsReader.of(System.getenv(), Service.LEDGER), Start.CONTINUE),
                new Witnesses(Policy.ofLogs(List.of()), new SimpleMeterRegistry()),
                new SimpleMeterRegistry(),
                step -> {
                    if (step == fatal && left.decrementAndGet() == 0) {
                        // As kill -9: nothing is flushed, closed or told.
                        Runtime.getRuntime().halt(HALTED);
                    }
                });
        new CountDownLatch(1).await();
        service.close();
    }
}
