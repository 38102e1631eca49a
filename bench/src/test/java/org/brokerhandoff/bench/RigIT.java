package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.sandbox.Behaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("looks at the processes that this JVM has started")
class RigIT {
    @TempDir
    Path directory;

    /** Kafka is running by then; the installation's files cannot be written. */
    @Test
    void a_rig_that_fails_at_its_start_leaves_no_process_behind() {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        assertThatThrownBy(() -> new Rig(
                        directory,
                        List.of(new RigBroker("no/such/folder", Behaviour.accepting(), 1, 1, List.of(), false)),
                        1,
                        Map.of(),
                        List.of(),
                        1))
                .isInstanceOf(Exception.class);
        assertThat(directory.resolve("kafka")).as("Kafka was started").isNotEmptyDirectory();
        assertThat(ProcessHandle.current().children().filter(child -> !before.contains(child)))
                .isEmpty();
    }
}
