package org.brokerhandoff.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code audit trace}: one signup's life. */
@Command(name = "trace", description = "Prints what happened to one signup, without personal data.")
final class TraceCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli's
    private AuditMain audit;

    @Parameters(paramLabel = "ID", description = "The signup's id.")
    @SuppressWarnings("NullAway.Init") // picocli's
    private UUID signupId;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<KeptRecord> records = new ArrayList<>();
        try (KeptLog log = new KeptLog(audit.clients(), new EventCodec())) {
            log.readPlaces(
                    record -> record.event()
                            .flatMap(EventId::signup)
                            .filter(signupId::equals)
                            .ifPresent(kept -> records.add(record)),
                    extent -> {});
            log.read(
                    log.partitionOf(signupId),
                    record -> record.event()
                            .filter(event -> event instanceof LogErased
                                    || EventId.signup(event)
                                            .filter(signupId::equals)
                                            .isPresent())
                            .ifPresent(kept -> records.add(record)),
                    extent -> {});
        }
        TimeLine timeLine = TimeLine.of(signupId, records);
        if (timeLine.entries().isEmpty()) {
            audit.err().println("the event log has nothing about signup " + signupId);
            return AuditMain.FAILED;
        }
        audit.out().print(json ? timeLine.json() : timeLine.render());
        return 0;
    }
}
