package org.brokerhandoff.registerservice.feed;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.register.feed.FeedType;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.DirectoryProblem;
import org.brokerhandoff.router.directory.EntryReader;
import org.brokerhandoff.router.directory.NamedFiles;
import org.brokerhandoff.router.directory.ReadFiles;
import org.brokerhandoff.router.directory.WebhookEndpoint;
import org.brokerhandoff.router.directory.WebhookSecret;
import org.brokerhandoff.schemas.ContentKind;

/**
 * The form of {@code feeds.yaml}:
 *
 * <pre>
 * feeds: [{id: shop, owner: website-1, endpoint: https://…, secretFiles: [shop.current], types: [signup.purged], local: false}]
 * </pre>
 *
 * Collects all problems. Parsing is pure.
 */
public final class FeedsFile {
    /** Each has a thread and a consumer. */
    private static final int MOST_FEEDS = 32;

    private static final Set<String> MEMBERS = Set.of("id", "owner", "endpoint", "secretFiles", "types", "local");
    private static final String ID_RULE = "must be 1 to 64 of a-z, 0-9 and hyphen";

    private final List<DirectoryProblem> problems = new ArrayList<>();
    private final EntryReader members;

    private FeedsFile(NamedFiles files) {
        members = new EntryReader(files, problems::add);
    }

    /**
     * Result of one read.
     *
     * @param feeds the feeds; none if there are problems
     * @param problems the problems, in line order
     * @param contents changes with the file, and with any file that it names
     */
    record Reading(List<Feed> feeds, List<DirectoryProblem> problems, String contents) {
        Reading {
            feeds = List.copyOf(feeds);
            problems = List.copyOf(problems);
        }
    }

    /** Reads {@code file}, and the secrets that it names relative to it. */
    static Reading read(Path file) {
        ReadFiles files = new ReadFiles(file);
        Optional<byte[]> yaml = files.yaml();
        if (yaml.isEmpty()) {
            return new Reading(
                    List.of(),
                    List.of(new DirectoryProblem(0, "/", "must be a readable file", file.toString())),
                    files.contents());
        }
        Reading parsed = parse(yaml.get(), files);
        return new Reading(parsed.feeds(), parsed.problems(), files.contents());
    }

    /** The feeds that {@code yaml} describes, or its problems. */
    static Reading parse(byte[] yaml, NamedFiles files) {
        YamlReading reading = StrictYaml.read(yaml);
        FeedsFile parser = new FeedsFile(files);
        List<Feed> feeds = reading.hasContent() ? parser.feeds(reading.root()) : List.of();
        List<DirectoryProblem> problems = DirectoryProblem.located(reading, parser.problems);
        return new Reading(problems.isEmpty() ? feeds : List.of(), problems, "");
    }

    private List<Feed> feeds(JsonNode root) {
        root.fieldNames().forEachRemaining(name -> {
            if (!name.equals("feeds")) {
                members.problem("/" + name, "is not a member of the file", "it");
            }
        });
        List<Feed> feeds = new ArrayList<>();
        JsonNode list = root.path("feeds");
        if (!list.isArray() || list.size() > MOST_FEEDS) {
            members.problem("/feeds", "must be a list of at most " + MOST_FEEDS + " feeds", "something else");
            return feeds;
        }
        Set<String> ids = new HashSet<>();
        for (int at = 0; at < list.size(); at++) {
            String place = "/feeds/" + at;
            feed(place, list.get(at)).ifPresent(feed -> {
                if (!ids.add(feed.id())) {
                    members.problem(place + "/id", "must be distinct", feed.id() + " twice");
                }
                feeds.add(feed);
            });
        }
        return feeds;
    }

    private Optional<Feed> feed(String place, JsonNode node) {
        if (!node.isObject()) {
            members.problem(place, "must be a feed's members", "something else");
            return Optional.empty();
        }
        int before = problems.size();
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                members.problem(place + "/" + name, "is not a member of a feed", "it");
            }
        });
        String id = members.text(place, node, "id", ContentKind.KEY_OWNER::matches, ID_RULE);
        String owner = members.text(place, node, "owner", ContentKind.KEY_OWNER::matches, ID_RULE);
        boolean local = members.flag(place, node, "local");
        URI address = members.address(place, node, "endpoint", local);
        List<WebhookSecret> secrets = members.secrets(place, node);
        Set<FeedType> types = types(place, node);
        return problems.size() > before || address == null
                ? Optional.empty()
                : Optional.of(new Feed(
                        id,
                        owner,
                        types,
                        new WebhookEndpoint("feed " + id, address, secrets, local, Connection.PLAIN)));
    }

    private Set<FeedType> types(String place, JsonNode node) {
        if (!node.has("types")) {
            return Set.of(FeedType.values());
        }
        return members
                .texts(
                        place,
                        node,
                        "types",
                        true,
                        name -> FeedType.named(name).isPresent(),
                        "must be of "
                                + Arrays.stream(FeedType.values())
                                        .map(FeedType::wireName)
                                        .collect(Collectors.joining(", ")))
                .stream()
                .flatMap(name -> FeedType.named(name).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
