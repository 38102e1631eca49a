package org.brokerhandoff.ledgerservice;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;

/** The builder, in a JVM that halts when it passes the arrow in the first argument for the number of times in the second. */
final class HaltingLedgerMain {
    /** Exit status of a JVM that has halted at its arrow. */
    static final int HALTED = 97;

    private HaltingLedgerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Step fatal = Step.valueOf(arguments[0]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
        SettingsReader reader = SettingsReader.of(System.getenv(), Service.LEDGER);
        LedgerService service = LedgerService.start(
                BuilderSettings.read(reader, Start.CONTINUE),
                LedgerMain.outside(reader, new SimpleMeterRegistry()),
                new SimpleMeterRegistry(),
                step -> {
                    if (step == fatal && left.decrementAndGet() == 0) {
                        // As kill -9: nothing is flushed, closed or reported.
                        Runtime.getRuntime().halt(HALTED);
                    }
                });
        new CountDownLatch(1).await();
        service.close();
    }
}
