package org.brokerhandoff.register;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.schemas.EventCodec;

/** A process that projects until it is killed, or until its parent is gone. */
final class ProjectingProcess {
    private ProjectingProcess() {}

    static Process fork(EventLogSettings log, RegisterSettings register) throws IOException {
        List<String> command =
                JvmOptions.command(ProjectingProcess.class, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
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
    public static void main(String[] arguments) throws IOException {
        RegisterSettings settings = new RegisterSettings(arguments[2], given(arguments[3]), given(arguments[4]));
        try (Register register = Register.open(settings);
                RegisterProjector projector = RegisterProjector.start(
                        new KafkaClients(TestLog.settings(arguments[0], arguments[1])), new EventCodec(), register)) {
            // Standard input ends with the parent.
            while (System.in.read() >= 0) {
                System.out.println(projector.health());
            }
        }
    }

    private static Optional<String> given(String argument) {
        return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
    }
}
