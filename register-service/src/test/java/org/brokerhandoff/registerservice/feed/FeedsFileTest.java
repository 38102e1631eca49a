package org.brokerhandoff.registerservice.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.register.feed.FeedType;
import org.brokerhandoff.router.directory.DirectoryProblem;
import org.brokerhandoff.router.directory.NamedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedsFileTest {
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final NamedFiles FILES = new NamedFiles() {
        @Override
        public Optional<String> text(String name) {
            return switch (name) {
                case "shop.current", "shop.previous", "open" -> Optional.of(SECRET + "\n");
                case "no-secret" -> Optional.of("hunter2");
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<String> exposure(String name) {
            return name.equals("open") ? Optional.of("its mode is rw-r--r--") : Optional.empty();
        }
    };

    private static FeedsFile.Reading parse(String yaml) {
        return FeedsFile.parse(yaml.getBytes(StandardCharsets.UTF_8), FILES);
    }

    private static String feed(String members) {
        return "feeds:\n  - {id: shop, owner: website-1, endpoint: \"https://shop.example/hook\", secretFiles: [shop.current]"
                + members + "}\n";
    }

    @Test
    void a_feed_is_told_of_everything_unless_it_says_of_what() {
        FeedsFile.Reading reading = parse("""
                feeds:
                  - id: shop
                    owner: website-1
                    endpoint: https://SHOP.example:443/hook?token=x
                    secretFiles: [shop.current, shop.previous]
                  - id: local
                    owner: website-1
                    endpoint: http://127.0.0.1:8095/
                    secretFiles: [shop.current]
                    types: [signup.purged, request.deadline-near]
                    local: true
                """);

        assertThat(reading.problems()).isEmpty();
        Feed shop = reading.feeds().get(0);
        assertThat(shop.types()).containsExactlyInAnyOrder(FeedType.values());
        assertThat(shop.endpoint().address()).hasToString("https://shop.example/hook?token=x");
        assertThat(shop.endpoint().secrets()).hasSize(2);
        assertThat(shop.toString()).doesNotContain("token");
        assertThat(reading.feeds().get(1).types())
                .isEqualTo(Set.of(FeedType.SIGNUP_PURGED, FeedType.REQUEST_DEADLINE_NEAR));
        assertThat(parse("feeds: []\n").problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "feeds: {}|/feeds",
                "feed: []|/feeds",
                "[]|/feeds",
                "feeds: [shop]|/feeds/0",
                "feeds: [{}]|/feeds/0/id",
                "feeds: [{id: Shop}]|/feeds/0/id",
                "feeds: [{id: 7}]|/feeds/0/id",
                "feeds: [{id: a, owner: \"a b\"}]|/feeds/0/owner",
                "feeds: [{id: a, owner: b, endpoint: \"http://shop.example/\"}]|/feeds/0/endpoint",
                "feeds: [{id: a, owner: b, endpoint: shop}]|/feeds/0/endpoint",
                "feeds: [{id: a, owner: b, secretFiles: []}]|/feeds/0/secretFiles",
                "feeds: [{id: a, owner: b, secretFiles: [none]}]|/feeds/0/secretFiles/0",
                "feeds: [{id: a, owner: b, secretFiles: [open]}]|/feeds/0/secretFiles/0",
                "feeds: [{id: a, owner: b, secretFiles: [no-secret]}]|/feeds/0/secretFiles/0",
                "feeds: [{id: a, types: []}]|/feeds/0/types",
                "feeds: [{id: a, types: [signup.gone]}]|/feeds/0/types/0",
                "feeds: [{id: a, types: signup.purged}]|/feeds/0/types",
                "feeds: [{id: a, local: yes}]|/feeds/0/local",
                "feeds: [{id: a, url: b}]|/feeds/0/url",
                "feeds: [{id: a, id: b}]|/feeds/0/id"
            })
    void what_is_wrong_is_named_by_its_place(String yaml, String place) {
        FeedsFile.Reading reading = parse(yaml + "\n");

        assertThat(reading.feeds()).isEmpty();
        assertThat(reading.problems()).extracting(DirectoryProblem::place).contains(place);
    }

    @Test
    void two_feeds_of_one_id_would_share_their_progress() {
        FeedsFile.Reading reading = parse(feed("") + feed("").substring("feeds:\n".length()));

        assertThat(reading.problems()).extracting(DirectoryProblem::place).containsExactly("/feeds/1/id");
    }

    @Test
    void all_problems_are_told_at_once_and_no_secret_is_shown() {
        FeedsFile.Reading reading = parse("""
                feeds:
                  - {id: SHOP, owner: website-1, endpoint: "ftp://x", secretFiles: [%s]}
                  - {id: shop, owner: website-1, endpoint: "https://shop.example/", secretFiles: [none], more: 1}
                """.formatted(SECRET));

        assertThat(reading.problems())
                .hasSize(5)
                .extracting(DirectoryProblem::line)
                .isSorted()
                .containsOnly(2, 3);
        assertThat(reading.problems().toString()).doesNotContain(SECRET);
    }

    @Test
    void a_change_of_a_secret_is_a_change_and_a_file_with_problems_ends_the_start(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("feeds.yaml"), feed(""));
        assertThatThrownBy(() -> Feeds.check(file))
                .isInstanceOf(InvalidFeeds.class)
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining("line 2, /feeds/0/secretFiles/0: must be a readable file");
        Path secret = Files.writeString(directory.resolve("shop.current"), SECRET);
        assertThat(FeedsFile.read(file).problems()).hasSize(1);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        FeedsFile.Reading first = FeedsFile.read(file);
        assertThat(first.problems()).isEmpty();
        assertThat(FeedsFile.read(file).contents()).isEqualTo(first.contents());

        Files.writeString(secret, "whsec_" + Base64.getEncoder().encodeToString(new byte[40]));
        assertThat(FeedsFile.read(file).contents()).isNotEqualTo(first.contents());
        assertThatThrownBy(() -> Feeds.check(directory.resolve("none"))).isInstanceOf(InvalidFeeds.class);
    }
}
