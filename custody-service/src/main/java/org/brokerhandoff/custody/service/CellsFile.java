package org.brokerhandoff.custody.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokerhandoff.custody.cells.cell.CellAddress;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.operations.secrets.SecretFile;

/** Reads the file of cells, which has no secret itself: it names their files, relative to its own place. docs/several-hosts.md has an example. */
final class CellsFile {
    private static final Set<String> MEMBERS = Set.of("database", "roster", "caFile", "idempotencyKeyFile", "cells");
    private static final Set<String> DATABASE_MEMBERS = Set.of("url", "user", "passwordFile", "acceptOlder");
    private static final Set<String> CELL_MEMBERS =
            Set.of("host", "port", "user", "passwordFile", "examiner", "examinerPasswordFile");
    private static final int CELLS = 3;
    private static final Pattern URL = Pattern.compile("jdbc:postgresql:\\S+");
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)[?&](ssl)?password=");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:._-]{1,253}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

    private static final String PATH_RULE = "be the path of a file that can be read";

    private final Path file;
    private final YamlReading yaml;
    private final List<String> problems = new ArrayList<>();

    private CellsFile(Path file, YamlReading yaml) {
        this.file = file;
        this.yaml = yaml;
    }

    /**
     * What the file says.
     *
     * @throws InvalidCells with all that is wrong with it, and with the files that it names
     */
    static CellsConfiguration read(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidCells(
                    file, List.of("cannot be read: " + e.getClass().getSimpleName()));
        }
        CellsFile reading = new CellsFile(file, StrictYaml.read(content));
        reading.yaml.problems().forEach(problem -> reading.problems.add(problem.toString()));
        CellsConfiguration configuration = reading.configuration();
        if (!reading.problems.isEmpty()) {
            throw new InvalidCells(file, reading.problems);
        }
        return configuration;
    }

    private CellsConfiguration configuration() {
        JsonNode root = yaml.root();
        members("", root, MEMBERS);
        JsonNode database = root.path("database");
        members("/database", database, DATABASE_MEMBERS);
        String url = text("/database", database, "url", URL, "be a jdbc:postgresql: URL");
        if (PASSWORD_IN_URL.matcher(url).find()) {
            problem("/database/url", "name no password; passwordFile does", "one");
        }
        return new CellsConfiguration(
                url,
                database.has("user")
                        ? Optional.of(text("/database", database, "user", NAME, "be a user's name"))
                        : Optional.empty(),
                database.has("passwordFile")
                        ? Optional.of(secret("/database", database, "passwordFile"))
                        : Optional.empty(),
                database.has("acceptOlder") && flag("/database", database, "acceptOlder"),
                number("", root, "roster", Integer.MAX_VALUE),
                root.has("caFile") ? readable("", root, "caFile") : Optional.empty(),
                cells(root.path("cells")),
                root.has("idempotencyKeyFile") ? path("", root, "idempotencyKeyFile") : Optional.empty());
    }

    private List<CellAddress> cells(JsonNode list) {
        List<CellAddress> cells = new ArrayList<>();
        if (!list.isArray() || list.size() != CELLS) {
            problem("/cells", "be a list of three cells", list.isArray() ? list.size() + " of them" : found(list));
            return cells;
        }
        Set<String> places = new HashSet<>();
        for (int at = 0; at < CELLS; at++) {
            String place = "/cells/" + at;
            JsonNode cell = list.get(at);
            members(place, cell, CELL_MEMBERS);
            CellAddress address = new CellAddress(
                    text(place, cell, "host", HOST, "be a host's name or address"),
                    number(place, cell, "port", 65_535),
                    text(place, cell, "user", NAME, "be a user's name"),
                    secret(place, cell, "passwordFile"),
                    text(place, cell, "examiner", NAME, "be a user's name"),
                    secret(place, cell, "examinerPasswordFile"));
            if (!places.add(address.toString())) {
                problem(place, "be another place than the cells before it", "the same host and port");
            }
            cells.add(address);
        }
        return cells;
    }

    private void members(String place, JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            problem(
                    place,
                    "have the members "
                            + String.join(", ", known.stream().sorted().toList()),
                    found(node));
            return;
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(
                        place + "/" + YamlReading.token(name),
                        "be one of " + String.join(", ", known.stream().sorted().toList()),
                        "another name");
            }
        });
    }

    private String text(String place, JsonNode node, String member, Pattern valid, String rule) {
        JsonNode value = node.path(member);
        if (!value.isTextual() || !valid.matcher(value.textValue()).matches()) {
            problem(place + "/" + member, rule, found(value));
            return "";
        }
        return value.textValue();
    }

    private boolean flag(String place, JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isBoolean()) {
            problem(place + "/" + member, "be true or false", found(value));
        }
        return value.booleanValue();
    }

    private int number(String place, JsonNode node, String member, int most) {
        JsonNode value = node.path(member);
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > most) {
            problem(place + "/" + member, "be a whole number from 1 to " + most, found(value));
            return 1;
        }
        return value.intValue();
    }

    private String secret(String place, JsonNode node, String member) {
        Optional<Path> named = readable(place, node, member);
        if (named.isEmpty()) {
            return "";
        }
        try {
            return SecretFile.readFirstLine(named.get());
        } catch (IOException | RuntimeException e) {
            problem(
                    place + "/" + member,
                    "name a file that its owner alone may read, with the secret in its first line",
                    "a file that is refused (" + e.getClass().getSimpleName() + ")");
            return "";
        }
    }

    private Optional<Path> readable(String place, JsonNode node, String member) {
        Optional<Path> named = path(place, node, member);
        if (named.isPresent() && (!Files.isReadable(named.get()) || Files.isDirectory(named.get()))) {
            problem(place + "/" + member, PATH_RULE, "a path where none is");
            return Optional.empty();
        }
        return named;
    }

    private Optional<Path> path(String place, JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isTextual()) {
            problem(place + "/" + member, PATH_RULE, found(value));
            return Optional.empty();
        }
        try {
            return Optional.of(file.toAbsolutePath().resolveSibling(value.textValue()));
        } catch (InvalidPathException e) {
            problem(place + "/" + member, PATH_RULE, "no path");
            return Optional.empty();
        }
    }

    /** In words, and never the value: it may be a secret in the wrong place. */
    private static String found(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.isTextual() ? "another text" : "another kind of value";
    }

    private void problem(String place, String rule, String found) {
        int line = yaml.lineOf(place);
        if (!yaml.hasProblemAt(line)) {
            problems.add("line " + line + ", " + (place.isEmpty() ? "/" : StrictYaml.shown(place)) + ": must " + rule
                    + "; found " + found);
        }
    }
}
