package org.brokerhandoff.operations.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The one reader of YAML files. It takes the part of YAML 1.2 that every reader and every person understands in the same way, and
 * refuses the rest with its line: it never guesses, and never passes over anything.
 *
 * <p>Taken: one document of mappings, lists, and scalars that stand on one line; plain or quoted text; {@code true} and
 * {@code false}; numbers as JSON writes them; comments. So {@code NO}, {@code no}, {@code yes}, {@code on} and {@code off} are texts.
 *
 * <p>Refused: anchors and aliases, merge keys, tags, directives, a second document, names that stand twice or are not text, missing
 * values, text on several lines, plain scalars that readers take differently ({@code 010}, {@code 0x1F}, {@code 1_000},
 * {@code 12:30}, {@code .inf}, {@code 2026-11-01}, {@code True}, {@code ~}), tabs, a byte order mark, control characters, bytes
 * that are not UTF-8, line ends that are neither LF nor CR LF, and what exceeds the bounds below.
 *
 * <p>Pure. Problems never show a value, since it may be a secret in the wrong place.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/">YAML 1.2.2</a>
 */
public final class StrictYaml {
    /** Largest file that is read. */
    public static final int MOST_BYTES = 4 << 20;

    private static final int MOST_DEPTH = 16;
    private static final int MOST_PROBLEMS = 100;
    /** What the parser says without quoting the file. */
    private static final Pattern HARMLESS = Pattern.compile("(?:[A-Za-z ,]|<[a-z ]+>|'[,:\\]}]')+");

    /** Shorter than any secret that this system makes. */
    private static final Pattern SHOWN_NAME = Pattern.compile("[A-Za-z0-9_.*~-]{0,24}");

    private final List<YamlProblem> problems = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final Parser events;
    private boolean tooDeep;

    private StrictYaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_BYTES);
        events = new ParserImpl(new StreamReader(text), options);
    }

    /**
     * Reads a file.
     *
     * @param content its bytes; to refuse a file that is too large, one byte more than {@link #MOST_BYTES} is enough
     */
    public static YamlReading read(byte[] content) {
        YamlText text = YamlText.of(content);
        if (!text.problems().isEmpty()) {
            return new YamlReading(MissingNode.getInstance(), firstOf(text.problems()), Map.of());
        }
        return new StrictYaml(text.text()).read();
    }

    private YamlReading read() {
        JsonNode root = MissingNode.getInstance();
        try {
            root = document();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            syntax(mark == null ? 1 : mark.getLine() + 1, e.getProblem());
        } catch (YAMLException e) {
            syntax(1, "");
        }
        return new YamlReading(tooDeep ? MissingNode.getInstance() : root, firstOf(problems), lines);
    }

    private JsonNode document() {
        events.getEvent(); // the stream's start
        Event start = events.getEvent();
        if (!(start instanceof DocumentStartEvent)) {
            problem(1, "", "hold one YAML document", "none");
            return MissingNode.getInstance();
        }
        JsonNode root = node("", 1);
        if (tooDeep) {
            return root;
        }
        events.getEvent(); // the document's end
        Event next = events.getEvent();
        if (next instanceof DocumentStartEvent) {
            problem(line(next), "", "hold one YAML document", "the start of another");
        }
        return root;
    }

    private JsonNode node(String place, int depth) {
        Event event = events.getEvent();
        lines.putIfAbsent(place, line(event));
        if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
            refuseProperties(named, place);
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, place);
        } else if (event instanceof SequenceStartEvent || event instanceof MappingStartEvent) {
            if (depth > MOST_DEPTH) {
                problem(line(event), place, "not be nested in more than " + MOST_DEPTH + " others", "more");
                tooDeep = true;
                return NullNode.getInstance();
            }
            return event instanceof SequenceStartEvent ? list(place, depth) : object(place, depth);
        }
        problem(line(event), place, "be written out", "an alias (\"*\")");
        return NullNode.getInstance();
    }

    private void refuseProperties(NodeEvent event, String place) {
        if (event.getAnchor() != null) {
            problem(line(event), place, "have no anchor", "\"&\"");
        }
        String tag = event instanceof ScalarEvent scalar ? scalar.getTag() : ((CollectionStartEvent) event).getTag();
        if (tag != null) {
            problem(line(event), place, "have no tag", "\"!\"");
        }
    }

    private ArrayNode list(String place, int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        while (!tooDeep && !(events.peekEvent() instanceof CollectionEndEvent)) {
            list.add(node(place + "/" + list.size(), depth + 1));
        }
        if (!tooDeep) {
            events.getEvent();
        }
        return list;
    }

    private ObjectNode object(String place, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (!tooDeep && !(events.peekEvent() instanceof CollectionEndEvent)) {
            member(object, place, depth);
        }
        if (!tooDeep) {
            events.getEvent();
        }
        return object;
    }

    private void member(ObjectNode object, String place, int depth) {
        Event event = events.peekEvent();
        Optional<String> name = event instanceof ScalarEvent scalar ? name(scalar, place) : Optional.empty();
        if (event instanceof ScalarEvent) {
            refuseProperties((NodeEvent) events.getEvent(), place);
        } else {
            problem(line(event), place, "have names that are text", "something else for a name");
            node(place + "/", depth + 1);
        }
        if (tooDeep) {
            return;
        }
        String member = place + "/" + YamlReading.token(name.orElse(""));
        if (name.isPresent() && object.has(name.get())) {
            problem(
                    line(event),
                    member,
                    "have each name once",
                    "it at line " + lines.getOrDefault(member, line(event)) + " as well");
            node(member, depth + 1);
            return;
        }
        JsonNode value = node(member, depth + 1);
        name.ifPresent(text -> object.set(text, value));
    }

    private Optional<String> name(ScalarEvent event, String place) {
        String text = event.getValue();
        if (event.isPlain() && text.equals("<<")) {
            problem(line(event), place, "have no merge key", "\"<<\"");
            return Optional.empty();
        }
        if (text.isEmpty() || !isOneLine(event) || !PlainScalar.isPrintable(text)) {
            problem(line(event), place, "have names of printable characters on one line", "another name");
            return Optional.empty();
        }
        if (event.isPlain()
                && !(PlainScalar.of(text) instanceof PlainScalar.Value value
                        && value.node().isTextual())) {
            problem(line(event), place, "have names that are text; quote it if it is", "something else for a name");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private JsonNode scalar(ScalarEvent event, String place) {
        String text = event.getValue();
        if (!isOneLine(event)) {
            problem(line(event), place, "stand on one line", "text on several lines");
            return NullNode.getInstance();
        }
        if (!PlainScalar.isPrintable(text)) {
            problem(line(event), place, "have no control characters", "one");
            return NullNode.getInstance();
        }
        if (!event.isPlain()) {
            return TextNode.valueOf(text);
        }
        PlainScalar scalar = PlainScalar.of(text);
        if (scalar instanceof PlainScalar.Refused refused) {
            problem(line(event), place, refused.rule(), refused.found());
            return NullNode.getInstance();
        }
        return ((PlainScalar.Value) scalar).node();
    }

    private static boolean isOneLine(ScalarEvent event) {
        return event.getScalarStyle() != ScalarStyle.LITERAL
                && event.getScalarStyle() != ScalarStyle.FOLDED
                && event.getStartMark().getLine() == event.getEndMark().getLine();
    }

    private void syntax(int line, String said) {
        String found = said != null && HARMLESS.matcher(said).matches() ? "that " + said : "a syntax error";
        problem(line, "", "be YAML", found);
    }

    private void problem(int line, String place, String rule, String found) {
        problems.add(new YamlProblem(line, shown(place), rule, found));
    }

    /** A JSON pointer as it may be shown: without names that may be a secret in the wrong place. */
    public static String shown(String pointer) {
        StringBuilder shown = new StringBuilder();
        for (String token : pointer.split("/", -1)) {
            shown.append(shown.isEmpty() && token.isEmpty() ? "" : "/");
            shown.append(SHOWN_NAME.matcher(token).matches() ? token : "…");
        }
        return shown.toString();
    }

    private static List<YamlProblem> firstOf(List<YamlProblem> all) {
        return all.stream()
                .sorted(Comparator.comparingInt(YamlProblem::line))
                .limit(MOST_PROBLEMS)
                .toList();
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }
}
