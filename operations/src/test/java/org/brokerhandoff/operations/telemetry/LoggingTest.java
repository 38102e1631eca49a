package org.brokerhandoff.operations.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The services' logging configuration. */
class LoggingTest {

    @Test
    void an_event_is_one_line_with_time_level_thread_logger_and_message() throws Exception {
        assertThat(output(
                        Map.of(),
                        context -> context.getLogger("org.brokerhandoff.test").info("started {}", 1)))
                .matches("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z INFO  "
                        + "\\[\\S+] org\\.brokerhandoff\\.test - started 1\\R");
    }

    @Test
    void libraries_are_quiet_even_when_the_level_is_trace() throws Exception {
        assertThat(output(Map.of("HANDOFF_LOG_LEVEL", "TRACE"), context -> {
                    context.getLogger("org.apache.kafka.clients").info("chatter");
                    context.getLogger("io.vertx.core").debug("chatter");
                    context.getLogger("com.zaxxer.hikari").info("chatter");
                    context.getLogger("org.brokerhandoff.test").trace("ours");
                }))
                .contains("ours")
                .doesNotContain("chatter");
    }

    @Test
    void json_has_one_object_per_event() throws Exception {
        String line = output(
                Map.of("HANDOFF_LOG_FORMAT", "json"),
                context -> context.getLogger("org.brokerhandoff.test").warn("slow: {}", "broker"));

        JsonNode event = new ObjectMapper().readTree(line);
        assertThat(line.lines()).hasSize(1);
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("formattedMessage").asText()).isEqualTo("slow: broker");
    }

    private static String output(Map<String, String> environment, Consumer<LoggerContext> logging) throws Exception {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            environment.forEach(context::putProperty);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
            logging.accept(context);
        } finally {
            context.stop();
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }
}
