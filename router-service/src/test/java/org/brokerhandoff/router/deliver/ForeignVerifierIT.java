package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.NewBrokerSecret;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our signatures, checked by others' code: the {@code standardwebhooks} package of npm for {@code v1} and, since it does not do {@code
 * v1a}, Node's own crypto for that. Runs where Node, npm and npm's registry are there.
 */
class ForeignVerifierIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory = Path.of("replaced by JUnit");

    @Test
    void node_verifies_what_was_signed_and_nothing_else() throws Exception {
        assumeTrue(runs(directory, "node", "--version"), "skipped: there is no node here");
        assumeTrue(runs(directory, "npm", "--version"), "skipped: there is no npm here");
        assumeTrue(
                runs(directory, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "standardwebhooks@1"),
                "skipped: npm could not install standardwebhooks");

        SecureRandom random = new SecureRandom();
        NewBrokerSecret current = NewBrokerSecret.symmetric(random);
        NewBrokerSecret previous = NewBrokerSecret.symmetric(random);
        NewBrokerSecret pair = NewBrokerSecret.asymmetric(random);
        NewBrokerSecret other = NewBrokerSecret.asymmetric(random);
        List<WebhookSecret> secrets = List.of(read(current), read(pair), read(previous));
        String text = "{\"signupId\":\"m-1\",\"person\":{\"fullName\":\"Åse Ødegård 李\"}}";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        WebhookSignature signature;
        try (PersonalData clear = PersonalData.takeOver(body.clone())) {
            signature = WebhookSignature.of("m-1", Instant.now(), clear, secrets);
        }

        ArrayNode messages = JSON.createArrayNode();
        List<Boolean> expected = new ArrayList<>();
        for (boolean changed : new boolean[] {false, true}) {
            byte[] sent = changed ? text.replace("m-1", "m-2").getBytes(StandardCharsets.UTF_8) : body;
            for (NewBrokerSecret secret : List.of(current, previous, NewBrokerSecret.symmetric(random))) {
                message(messages, signature, sent).put("secret", secret.forBroker());
                expected.add(!changed && (secret == current || secret == previous));
            }
            for (NewBrokerSecret secret : List.of(pair, other)) {
                message(messages, signature, sent).put("publicKey", secret.forBroker());
                expected.add(!changed && secret == pair);
            }
        }
        Path script = directory.resolve("verify.cjs");
        try (InputStream source = ForeignVerifierIT.class.getResourceAsStream("verify.cjs")) {
            Files.write(script, source.readAllBytes());
        }
        Files.write(directory.resolve("messages.json"), JSON.writeValueAsBytes(messages));

        assertThat(runs(directory, "node", "verify.cjs", "messages.json"))
                .as(output(directory))
                .isTrue();
        List<String> lines = output(directory).lines().toList();
        assertThat(lines.stream().map(Boolean::valueOf)).as(lines.toString()).isEqualTo(expected);
    }

    private static ObjectNode message(ArrayNode messages, WebhookSignature signature, byte[] body) {
        return messages.addObject()
                .put("id", signature.id())
                .put("timestamp", signature.timestampSeconds())
                .put("signature", signature.signature())
                .put("body", Base64.getEncoder().encodeToString(body));
    }

    private static WebhookSecret read(NewBrokerSecret secret) {
        return WebhookSecret.parse(secret.secret()).orElseThrow();
    }

    private static boolean runs(Path directory, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(Arrays.asList(command))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            if (process.waitFor(60, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static String output(Path directory) throws IOException {
        return Files.readString(directory.resolve("output"));
    }
}
