package org.brokerhandoff.operations.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsReaderTest {

    private static final Map<String, String> REQUIRED = Map.of(
            "HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
            "HANDOFF_API_KEYS_FILE", "api-keys.yaml",
            "HANDOFF_BROKERS_FILE", "brokers.yaml",
            "HANDOFF_KAFKA_LOG_DIRS", "/var/lib/kafka/data",
            "HANDOFF_LEDGER_ORIGIN", "handoff.example/ledger/1",
            "HANDOFF_LEDGER_KEY_FILES", "ledger.pem");

    @Test
    void defaults_apply_where_the_environment_has_nothing() {
        SettingsReader reader = SettingsReader.of(REQUIRED, Service.INGEST);

        assertThat(reader.get(Settings.MAX_HOLD)).isEqualTo(Duration.ofHours(24));
        assertThat(reader.get(KeySettings.CUSTODY_FILE)).isEqualTo(Path.of("var/custody.slots"));
        assertThat(reader.get(Settings.HTTP_PORT)).isEqualTo(8080);
        assertThat(reader.get(Settings.TOPIC_PREFIX)).isEmpty();
        assertThat(reader.find(Settings.REGISTER_USER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS, 'a:9092,b.example:19092'",
        "HANDOFF_MAX_HOLD, PT10S",
        "HANDOFF_MAX_HOLD, P7D",
        "HANDOFF_HTTP_PORT, 0",
        "HANDOFF_HTTP_HOST, '::1'",
        "HANDOFF_TOPIC_PREFIX, 'test-1.'",
        "HANDOFF_INSTALLATION, 'prod-2.example.no'",
        "HANDOFF_REGISTER_URL, 'jdbc:postgresql://db/register?sslmode=require'",
        "HANDOFF_REPLICATION_FACTOR, 3",
        "HANDOFF_LOG_LEVEL, TRACE",
        "HANDOFF_MAX_HOLD, ''",
        "HANDOFF_REGISTER_USER, ' '",
    })
    void an_allowed_value_is_accepted(String name, String value) {
        assertThat(SettingsReader.of(with(name, value), Service.INGEST)).isNotNull();
    }

    @Test
    void several_log_directories_are_separated_by_commas_and_none_is_blank() {
        assertThat(SettingsReader.of(
                                with("HANDOFF_KAFKA_LOG_DIRS", "/disk1/kafka, /disk2/kafka"), Service.ERASURE_AGENT)
                        .get(ErasureSettings.KAFKA_LOG_DIRS))
                .containsExactly(Path.of("/disk1/kafka"), Path.of("/disk2/kafka"));
        assertThat(problems(with("HANDOFF_KAFKA_LOG_DIRS", "/disk1/kafka,"), Service.ERASURE_AGENT))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS, 'localhost', 'be host:port, several separated by commas'",
        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS, 'http://localhost:9092', 'be host:port, several separated by commas'",
        "HANDOFF_MAX_HOLD, PT9.999S, 'be an ISO 8601 duration from PT10S to P7D'",
        "HANDOFF_MAX_HOLD, P7DT1S, 'be an ISO 8601 duration from PT10S to P7D'",
        "HANDOFF_MAX_HOLD, 24h, 'be an ISO 8601 duration from PT10S to P7D'",
        "HANDOFF_HTTP_PORT, 65536, 'be a whole number from 0 to 65535'",
        "HANDOFF_PARTITIONS, six, 'be a whole number from 1 to 10000'",
        "HANDOFF_PARTITIONS, 0, 'be a whole number from 1 to 10000'",
        "HANDOFF_INSTALLATION, 'a4790123456', 'be 1 to 63 lower-case letters, digits, ''.'' and ''-'', beginning with a letter, without five digits in a row'",
        "HANDOFF_TOPIC_PREFIX, 'a/b', 'be at most 100 letters, digits, ''.'', ''_'' and ''-'''",
        "HANDOFF_LOG_LEVEL, loud, 'be one of ERROR, WARN, INFO, DEBUG, TRACE'",
        "HANDOFF_REPLICATION_FACTOR, 2, 'be a whole number from 1 to 32767, but not 2, which keeps neither a second copy nor the service when a broker is down'",
        "HANDOFF_REPLICATION_FACTOR, 0, 'be a whole number from 1 to 32767, but not 2, which keeps neither a second copy nor the service when a broker is down'",
        "HANDOFF_CUSTODY_INITIAL_SLOTS, 5000000, 'not exceed HANDOFF_CUSTODY_MAXIMUM_SLOTS'",
    })
    void a_value_that_breaks_its_rule_is_a_problem_that_shows_rule_and_value(String name, String value, String rule) {
        List<ConfigurationProblem> problems = problems(with(name, value), Service.INGEST);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.name()).isEqualTo(name);
            assertThat(problem.rule()).isEqualTo(rule);
            assertThat(problem.found()).contains(value);
        });
    }

    @Test
    void a_value_that_may_hold_a_password_is_never_shown() {
        InvalidConfiguration invalid =
                invalid(with("HANDOFF_REGISTER_URL", "jdbc:oracle:thin:user/hunter2"), Service.INGEST);

        assertThat(invalid.problems()).hasSize(1);
        assertThat(invalid).message().contains("HANDOFF_REGISTER_URL").doesNotContain("hunter2");
    }

    @Test
    void an_unknown_name_is_a_problem_that_suggests_the_nearest_and_does_not_show_the_value() {
        InvalidConfiguration invalid = invalid(with("HANDOFF_MAXHOLD", "hunter2"), Service.ROUTER);

        assertThat(invalid)
                .message()
                .contains("HANDOFF_MAXHOLD", "did you mean HANDOFF_MAX_HOLD?")
                .doesNotContain("hunter2");
    }

    @Test
    void names_outside_the_prefix_are_left_alone() {
        assertThat(SettingsReader.of(with("PATH", "/bin"), Service.INGEST)).isNotNull();
    }

    @Test
    void all_problems_are_reported_together() {
        InvalidConfiguration invalid = invalid(
                Map.of("HANDOFF_MAX_HOLD", "soon", "HANDOFF_PARTITIONS", "0", "HANDOFF_PORT", "1"), Service.INGEST);

        assertThat(invalid.problems())
                .extracting(ConfigurationProblem::name)
                .containsExactlyInAnyOrder(
                        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
                        "HANDOFF_API_KEYS_FILE",
                        "HANDOFF_MAX_HOLD",
                        "HANDOFF_PARTITIONS",
                        "HANDOFF_PORT");
        assertThat(invalid).message().hasLineCount(6);
        assertThat(invalid)
                .message()
                .startsWith("the configuration of ingest is not valid:\n")
                .contains("  HANDOFF_API_KEYS_FILE must be a path; found nothing")
                .contains("  HANDOFF_PARTITIONS must be a whole number from 1 to 10000; found \"0\"");
    }

    @Test
    void a_service_is_asked_only_for_what_it_uses() {
        SettingsReader reader =
                SettingsReader.of(Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"), Service.AUDIT);

        assertThat(reader.get(Settings.KAFKA_BOOTSTRAP_SERVERS)).isEqualTo("localhost:9092");
    }

    @Test
    void a_setting_of_another_service_cannot_be_read_because_it_was_not_checked() {
        SettingsReader reader = SettingsReader.of(REQUIRED, Service.ROUTER);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.get(Settings.HTTP_PORT))
                .withMessageContaining("HANDOFF_HTTP_PORT");
    }

    @Test
    void a_setting_that_may_be_absent_cannot_be_demanded() {
        SettingsReader reader = SettingsReader.of(REQUIRED, Service.INGEST);

        assertThatIllegalArgumentException().isThrownBy(() -> reader.get(Settings.REGISTER_USER));
    }

    @ParameterizedTest
    @CsvSource({
        "router, HANDOFF_PARKING_INTERVAL, PT37.501S, HANDOFF_MAX_HOLD, PT10M, 'not exceed a sixteenth of HANDOFF_MAX_HOLD, which is PT37.5S'",
        "router, HANDOFF_PARKING_INTERVAL, PT2M, HANDOFF_MAX_HOLD, PT30M, 'not exceed a sixteenth of HANDOFF_MAX_HOLD, which is PT1M52.5S'",
        "router, HANDOFF_PARKING_INTERVAL, PT1S, HANDOFF_MAX_HOLD, PT10S, 'not exceed a sixteenth of HANDOFF_MAX_HOLD, which is PT0.625S'",
        "register_service, HANDOFF_NOTICE_BACKOFF_INITIAL, PT1M, HANDOFF_NOTICE_BACKOFF_MAXIMUM, PT30S, 'not exceed HANDOFF_NOTICE_BACKOFF_MAXIMUM'",
        "register_service, HANDOFF_NOTICE_ESCALATE_AFTER, PT24H, HANDOFF_NOTICE_LIMIT, PT12H, 'not exceed HANDOFF_NOTICE_LIMIT'",
        "register_service, HANDOFF_NOTICE_SETTLE_AFTER, PT6M, HANDOFF_NOTICE_LIMIT, PT5M, 'not exceed HANDOFF_NOTICE_LIMIT'",
        "ingest, HANDOFF_CONTACT_MAX_HOLD, PT25H, HANDOFF_MAX_HOLD, PT24H, 'not exceed HANDOFF_MAX_HOLD'",
        "ingest, HANDOFF_HTTP_MAX_CONNECTIONS_PER_ADDRESS, 65, HANDOFF_HTTP_MAX_CONNECTIONS, 64, 'not exceed HANDOFF_HTTP_MAX_CONNECTIONS'",
    })
    void a_setting_beyond_the_bound_that_another_sets_is_a_problem_that_shows_both(
            String service, String name, String value, String other, String bound, String rule) {
        Map<String, String> environment = with(name, value);
        environment.put(other, bound);
        environment.putIfAbsent("HANDOFF_NOTICE_ESCALATE_AFTER", "PT1M");

        assertThat(problems(environment, Service.valueOf(service.toUpperCase(Locale.ROOT))))
                .filteredOn(problem -> problem.name().equals(name))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.rule()).isEqualTo(rule);
                    assertThat(problem.found()).contains(value, bound);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "router, HANDOFF_PARKING_INTERVAL, PT2M30.001S",
        "register_service, HANDOFF_NOTICE_BACKOFF_MAXIMUM, PT24H0.001S",
    })
    void a_setting_beyond_what_is_ever_used_is_a_problem(String service, String name, String value) {
        assertThat(problems(with(name, value), Service.valueOf(service.toUpperCase(Locale.ROOT))))
                .extracting(ConfigurationProblem::name)
                .containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "router, HANDOFF_PARKING_INTERVAL, PT37.5S, HANDOFF_MAX_HOLD, PT10M",
        "router, HANDOFF_PARKING_INTERVAL, PT2M30S, HANDOFF_MAX_HOLD, PT24H",
        "router, HANDOFF_PARKING_INTERVAL, '', HANDOFF_MAX_HOLD, PT10S",
        "register_service, HANDOFF_NOTICE_LIMIT, PT24H, HANDOFF_NOTICE_ESCALATE_AFTER, PT24H",
        "ingest, HANDOFF_CONTACT_MAX_HOLD, PT24H, HANDOFF_MAX_HOLD, PT24H",
        "ingest, HANDOFF_HTTP_MAX_CONNECTIONS, 64, HANDOFF_HTTP_MAX_CONNECTIONS_PER_ADDRESS, ''",
        "ingest, HANDOFF_HTTP_MAX_CONNECTIONS, 64, HANDOFF_HTTP_MAX_CONNECTIONS_PER_ADDRESS, 64",
    })
    void a_setting_at_its_bound_and_a_default_that_follows_the_bound_are_accepted(
            String service, String name, String value, String other, String bound) {
        Map<String, String> environment = with(name, value);
        environment.put(other, bound);

        assertThat(SettingsReader.of(environment, Service.valueOf(service.toUpperCase(Locale.ROOT))))
                .isNotNull();
    }

    @Test
    void a_value_that_is_not_valid_by_itself_is_one_problem_and_no_contradiction() {
        Map<String, String> environment = with("HANDOFF_PARKING_INTERVAL", "a while");
        environment.put("HANDOFF_MAX_HOLD", "PT5S");

        assertThat(problems(environment, Service.ROUTER))
                .extracting(ConfigurationProblem::name)
                .containsExactly("HANDOFF_MAX_HOLD", "HANDOFF_PARKING_INTERVAL");
    }

    @Test
    void the_first_wait_may_not_exceed_the_longest() {
        assertThat(problems(with("HANDOFF_DELIVERY_BACKOFF_INITIAL", "PT2M"), Service.ROUTER))
                .extracting(ConfigurationProblem::rule)
                .containsExactly("not exceed HANDOFF_DELIVERY_BACKOFF_MAXIMUM");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void the_required_settings_are_enough_for_every_service(Service service) {
        assertThat(SettingsReader.of(REQUIRED, service)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "abc, '', 3", "'', abc, 3", "kitten, sitting, 3", "HANDOFF_PORT, HANDOFF_HTTP_PORT, 5"})
    void the_distance_of_two_names_counts_the_edits_between_them(String from, String to, int distance) {
        assertThat(SettingsReader.editDistance(from, to)).isEqualTo(distance);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.put(name, value);
        return environment;
    }

    private static List<ConfigurationProblem> problems(Map<String, String> environment, Service service) {
        return invalid(environment, service).problems();
    }

    private static InvalidConfiguration invalid(Map<String, String> environment, Service service) {
        return catchThrowableOfType(InvalidConfiguration.class, () -> SettingsReader.of(environment, service));
    }
}
