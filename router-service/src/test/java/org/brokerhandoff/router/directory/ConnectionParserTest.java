package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.router.Certificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members {@code tls}, {@code limits} and {@code http2} of a broker. */
class ConnectionParserTest {
    private static final Certificates.Issued AUTHORITY = Certificates.authority("authority");
    private static final Certificates.Issued OWN = AUTHORITY.issue("handoff.example");
    private static final Map<String, String> FILES = Map.of(
            "ca.pem", AUTHORITY.certificatePem(),
            "own.pem", OWN.certificatePem(),
            "own.key", OWN.keyPem(),
            "other.key", AUTHORITY.keyPem(),
            "nonsense", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
            "empty", "");

    private final List<DirectoryProblem> problems = new ArrayList<>();

    private Connection parse(String yaml) {
        try {
            JsonNode broker =
                    new ObjectMapper(new YAMLFactory()).readTree("endpoint: https://broker.example/\n" + yaml);
            return ConnectionParser.parse(
                    "/brokers/0", broker, name -> Optional.ofNullable(FILES.get(name)), problems::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_is_not_said_is_plain() {
        assertThat(parse("")).isEqualTo(Connection.PLAIN);
        assertThat(problems).isEmpty();
    }

    @Test
    void everything_can_be_said_and_no_key_is_printed() {
        Connection connection = parse("""
                tls: {caFile: ca.pem, certificateFile: own.pem, keyFile: own.key}
                limits: {perSecond: 20, concurrent: 4}
                http2: false
                """);
        assertThat(problems).isEmpty();
        assertThat(connection.limits()).isEqualTo(new Connection.Limits(OptionalInt.of(20), OptionalInt.of(4)));
        assertThat(connection.http2()).isFalse();
        assertThat(connection.tls().key()).contains(new PemFile(OWN.keyPem()));
        assertThat(connection.toString()).doesNotContain("BEGIN").contains("redacted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "http2: perhaps; /brokers/0/http2",
                "tls: on; /brokers/0/tls",
                "tls: {caFile: missing}; /brokers/0/tls/caFile",
                "tls: {caFile: nonsense}; /brokers/0/tls/caFile",
                "tls: {caFile: empty}; /brokers/0/tls/caFile",
                "tls: {caFile: own.key}; /brokers/0/tls/caFile",
                "tls: {authority: ca.pem}; /brokers/0/tls/authority",
                "tls: {certificateFile: own.pem}; /brokers/0/tls",
                "tls: {keyFile: own.key}; /brokers/0/tls",
                "tls: {certificateFile: own.pem, keyFile: other.key}; /brokers/0/tls/keyFile",
                "tls: {certificateFile: own.pem, keyFile: own.pem}; /brokers/0/tls/keyFile",
                "tls: {certificateFile: nonsense, keyFile: own.key}; /brokers/0/tls/certificateFile",
                "'{endpoint: \"http://broker.example\", tls: {caFile: ca.pem}}'; /brokers/0/tls",
                "limits: 5; /brokers/0/limits",
                "limits: {perSecond: 0}; /brokers/0/limits/perSecond",
                "limits: {perSecond: 1.5}; /brokers/0/limits/perSecond",
                "limits: {concurrent: many}; /brokers/0/limits/concurrent",
                "limits: {perMinute: 5}; /brokers/0/limits/perMinute",
            })
    void what_is_wrong_is_said_with_its_place(String yaml, String place) throws IOException {
        if (yaml.startsWith("{")) {
            ConnectionParser.parse(
                    "/brokers/0",
                    new ObjectMapper(new YAMLFactory()).readTree(yaml),
                    name -> Optional.ofNullable(FILES.get(name)),
                    problems::add);
        } else {
            parse(yaml);
        }
        assertThat(problems).singleElement().extracting(DirectoryProblem::place).isEqualTo(place);
        assertThat(problems.toString()).doesNotContain("BEGIN");
    }

    @Test
    void a_private_key_that_others_may_read_is_refused_and_a_certificate_that_they_may_read_is_not() {
        NamedFiles exposed = new NamedFiles() {
            @Override
            public Optional<String> text(String name) {
                return Optional.ofNullable(FILES.get(name));
            }

            @Override
            public Optional<String> exposure(String name) {
                return Optional.of("its mode is rw-r--r--");
            }
        };
        JsonNode broker = StrictYaml.read("""
                endpoint: https://broker.example/
                tls: {caFile: ca.pem, certificateFile: own.pem, keyFile: own.key}
                """.getBytes(StandardCharsets.UTF_8)).root();
        ConnectionParser.parse("/brokers/0", broker, exposed, problems::add);
        assertThat(problems).extracting(DirectoryProblem::place).containsExactly("/brokers/0/tls/keyFile");
        assertThat(problems.get(0).found()).contains("rw-r--r--");
    }
}
