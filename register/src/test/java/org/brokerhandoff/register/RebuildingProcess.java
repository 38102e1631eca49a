package org.brokerhandoff.register;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.schemas.EventCodec;

/** A process that rebuilds a register, slowly enough to be killed in the middle. */
final class RebuildingProcess {
    private RebuildingProcess() {}

    static Process fork(EventLogSettings log, RegisterSettings register) throws IOException {
        List<String> command =
                JvmOptions.command(RebuildingProcess.class, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(
                log.bootstrapServers(),
                log.topicPrefix(),
                register.url(),
                register.user().orElse(""),
                register.password().orElse("")));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Bootstrap servers, topic prefix, register URL, user, password. */
    public static void main(String[] arguments) {
        RegisterSettings settings = new RegisterSettings(
                arguments[2],
                Optional.of(arguments[3]).filter(user -> !user.isEmpty()),
                Optional.of(arguments[4]).filter(password -> !password.isEmpty()));
        try (Register register = Register.open(settings)) {
            RegisterRebuild.run(
                    new KafkaClients(TestLog.settings(arguments[0], arguments[1])),
                    new EventCodec(),
                    register,
                    // It must be caught in the middle, also on a fast machine.
                    (done, total) -> pause());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
