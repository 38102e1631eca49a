package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.router.Examples;

/** A directory that is right, and what the parser makes of changed ones. */
final class DirectoryTexts {
    static final String VALID = """
            brokers:
              - id: fjord-markets
                name: Fjord Markets AS
                countries: [NO, SE, DK]
                languages: [nb, en]
                transferBasis: {default: EEA, CH: ADEQUACY}
                privacyPolicy: https://fjord-markets.example/privacy
                endpoint: https://fjord-markets.example/handoffs
                notices: https://fjord-markets.example/notices
                secretFiles: [fjord.current, fjord.previous]
                priority: 1
                weight: 3
                local: false
                status: active
            """;
    static final Map<String, String> SECRETS = Map.of(
            "fjord.current", Examples.SECRET + "\n",
            "fjord.previous", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLTvH",
            "not-a-secret", "hunter2");

    static ParsedDirectory parse(String yaml) {
        return DirectoryParser.parse(
                yaml.getBytes(StandardCharsets.UTF_8), name -> Optional.ofNullable(SECRETS.get(name)), Examples.CODEC);
    }

    static List<DirectoryProblem> problems(String yaml) {
        assertThat(parse(yaml)).isInstanceOf(ParsedDirectory.Invalid.class);
        return ((ParsedDirectory.Invalid) parse(yaml)).problems();
    }

    static BrokerDirectory valid(String yaml) {
        assertThat(parse(yaml)).isInstanceOf(ParsedDirectory.Valid.class);
        return ((ParsedDirectory.Valid) parse(yaml)).directory();
    }

    private DirectoryTexts() {}
}
