package org.brokerhandoff.embeddedkafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("changes the default locale of the JVM")
class EmbeddedKafkaIT {

    @TempDir
    Path directory;

    @Test
    void a_restart_on_the_same_directory_and_port_keeps_records_and_address() throws Exception {
        String address;
        int port;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory))) {
            address = kafka.bootstrapServers();
            port = kafka.port();
            Records.createTopic(address, "letters", Map.of());
            Records.send(address, "letters", List.of("a", "b"));
            assertThat(Records.read(address, "letters", 2)).containsExactly("a", "b");
        }

        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory).withPort(port))) {
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            Records.send(address, "letters", List.of("c"));
            assertThat(Records.read(address, "letters", 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void records_that_were_cut_leave_the_files_within_seconds_once_a_later_segment_exists() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Records.createTopic(kafka.bootstrapServers(), "cut", Map.of("segment.ms", "1"));
            Records.send(kafka.bootstrapServers(), "cut", List.of("first"));
            Records.send(kafka.bootstrapServers(), "cut", List.of("marker"));

            admin.deleteRecords(Map.of(Records.onlyPartition("cut"), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get(30, SECONDS);

            Path partition = kafka.logDirectory().resolve("cut-0");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(partition).isDirectoryNotContaining("glob:**/00000000000000000000.log*"));
            assertThat(partition).isDirectoryContaining("glob:**.log");
        }
    }

    @Test
    void topics_are_not_created_by_mistake() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("misspelt"))
                            .allTopicNames()
                            .get(30, SECONDS))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void a_port_that_is_taken_is_an_error_and_not_the_end_of_this_process() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(
                            EmbeddedKafkaSettings.in(directory).withPort(taken.getLocalPort())))
                    .isInstanceOf(EmbeddedKafkaFailed.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void a_broker_property_of_the_caller_replaces_the_default() throws Exception {
        EmbeddedKafkaSettings settings =
                EmbeddedKafkaSettings.in(directory).withBrokerProperties(Map.of("num.partitions", "4"));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("wide", Optional.empty(), Optional.empty())))
                    .all()
                    .get(30, SECONDS);
            assertThat(admin.describeTopics(List.of("wide")).allTopicNames().get(30, SECONDS))
                    .extractingByKey("wide")
                    .extracting(topic -> topic.partitions().size())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai"})
    void it_starts_under_any_locale_and_in_a_folder_of_any_name(String locale) throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory.resolve("a b/æ名 #%20'+;$x&")))) {
            Records.createTopic(kafka.bootstrapServers(), "letters", Map.of());
            Records.send(kafka.bootstrapServers(), "letters", List.of("a"));
            assertThat(Records.read(kafka.bootstrapServers(), "letters", 1)).containsExactly("a");
            assertThat(kafka.logDirectory()).isDirectoryContaining("glob:**/letters-0");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_folder_that_kafka_would_take_for_two_is_refused_with_the_reason() {
        assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaSettings.in(directory.resolve("a,b"))))
                .isInstanceOf(EmbeddedKafkaFailed.class)
                .hasMessageContaining("comma");
    }

    @Test
    void what_kafka_says_of_a_failed_start_is_in_the_message() {
        assertThatThrownBy(() -> EmbeddedKafka.start(
                        EmbeddedKafkaSettings.in(directory).withBrokerProperties(Map.of("num.io.threads", "none"))))
                .isInstanceOf(EmbeddedKafkaFailed.class)
                .hasMessageContaining("num.io.threads");
    }
}
