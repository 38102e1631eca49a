package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.brokerhandoff.router.directory.FieldMapping.Form;
import org.brokerhandoff.router.directory.FieldMapping.Source;
import org.jspecify.annotations.Nullable;

/**
 * Reads member {@code fields} of a broker: what each member of the body is made of, by its dotted path. Pure; adds all problems that it
 * finds.
 */
final class FieldMappingParser {
    static final String MEMBER = "fields";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern EXTRA_NAME = Pattern.compile("[A-Za-z0-9_]{1,40}");
    private static final Set<String> MEMBERS = Set.of("from", "as", "otherwise", "constant");
    private static final int MOST_FIELDS = 100;
    private static final int MOST_DEPTH = 8;
    private static final int MOST_CONSTANT = 200;

    private final String place;
    private final List<DirectoryProblem> problems;

    private FieldMappingParser(String place, List<DirectoryProblem> problems) {
        this.place = place;
        this.problems = problems;
    }

    /** The mapping; {@link FieldMapping#NONE} if {@code node} is not there, or if there were problems. */
    static FieldMapping parse(@Nullable JsonNode node, String place, List<DirectoryProblem> problems) {
        return node == null ? FieldMapping.NONE : new FieldMappingParser(place, problems).parse(node);
    }

    private FieldMapping parse(JsonNode node) {
        int before = problems.size();
        if (!node.isObject() || node.isEmpty() || node.size() > MOST_FIELDS) {
            problem("", "must be 1 to " + MOST_FIELDS + " targets, each with its source", node);
            return FieldMapping.NONE;
        }
        Branch root = new Branch();
        boolean named = false;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Optional<FieldMapping.Content> content = content("/" + field.getKey(), field.getValue());
            named |= content.isPresent()
                    && content.get() instanceof FieldMapping.Value value
                    && value.source() == Source.SIGNUP_ID;
            place(root, field.getKey(), content);
        }
        if (!named && problems.size() == before) {
            // Withdrawals name the signup by its id alone.
            problems.add(new DirectoryProblem(place, "must send signupId to some target", "none that does"));
        }
        return problems.size() > before ? FieldMapping.NONE : new FieldMapping(root.members());
    }

    private void place(Branch root, String target, Optional<FieldMapping.Content> content) {
        List<String> path = Arrays.asList(target.split("\\.", -1));
        if (path.size() > MOST_DEPTH
                || !path.stream().allMatch(name -> NAME.matcher(name).matches())) {
            problems.add(new DirectoryProblem(
                    place + "/" + DirectoryParser.shown(target),
                    "a target must be 1 to " + MOST_DEPTH + " names of A-Z, a-z, 0-9, _ and -, separated by dots",
                    "something else"));
            return;
        }
        Branch branch = root;
        for (String name : path.subList(0, path.size() - 1)) {
            Twig next = branch.twigs.computeIfAbsent(name, absent -> new Branch());
            if (!(next instanceof Branch deeper)) {
                clash(target);
                return;
            }
            branch = deeper;
        }
        Twig leaf = content.<Twig>map(Leaf::new).orElseGet(Leaf::broken);
        if (branch.twigs.putIfAbsent(path.get(path.size() - 1), leaf) != null) {
            clash(target);
        }
    }

    private void clash(String target) {
        problems.add(new DirectoryProblem(
                place + "/" + target,
                "a target must be a value or an object, not both",
                "another target nested below it"));
    }

    private Optional<FieldMapping.Content> content(String at, JsonNode node) {
        if (node.isTextual()) {
            return value(at, node.textValue(), null, null);
        } else if (!node.isObject()) {
            problem(at, "must be a source, or an object with from or constant", node);
            return Optional.empty();
        }
        int before = problems.size();
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                problems.add(new DirectoryProblem(
                        place + at + "/" + DirectoryParser.shown(name), "is not a member of a field", "it"));
            }
        });
        JsonNode from = node.get("from");
        JsonNode constant = node.get("constant");
        if ((from == null) == (constant == null) || (constant != null && node.size() > 1)) {
            problem(at, "must have either constant alone, or from (optionally with as and otherwise)", node);
        } else if (constant != null) {
            if (constant.isValueNode()
                    && !constant.isNull()
                    && (!constant.isNumber() || Double.isFinite(constant.doubleValue()))
                    && constant.asText().length() <= MOST_CONSTANT) {
                return problems.size() > before
                        ? Optional.empty()
                        : Optional.of(new FieldMapping.Constant(constant.toString()));
            }
            problem(
                    at + "/constant",
                    "must be a text of at most " + MOST_CONSTANT + " characters, a number, true or false",
                    constant);
        } else if (from != null && !from.isTextual()) {
            problem(at + "/from", "must be a source", from);
        } else if (from != null) {
            return value(at, from.textValue(), node.get("as"), node.get("otherwise"));
        }
        return Optional.empty();
    }

    private Optional<FieldMapping.Content> value(
            String at, String from, @Nullable JsonNode as, @Nullable JsonNode otherwise) {
        int dot = from.indexOf('.');
        String sourceName = dot < 0 ? from : from.substring(0, dot);
        String extra = dot < 0 ? "" : from.substring(dot + 1);
        Optional<Source> found = Arrays.stream(Source.values())
                .filter(source -> source.text().equals(sourceName))
                .filter(source ->
                        source == Source.EXTRA ? EXTRA_NAME.matcher(extra).matches() : dot < 0)
                .findFirst();
        if (found.isEmpty()) {
            problems.add(new DirectoryProblem(
                    place + at,
                    "must come from one of "
                            + Arrays.stream(Source.values())
                                    .map(source -> source == Source.EXTRA ? "extra.NAME" : source.text())
                                    .collect(Collectors.joining(", ")),
                    DirectoryParser.shown(from)));
            return Optional.empty();
        }
        Source source = found.get();
        int before = problems.size();
        Form form = source.usual();
        if (as != null) {
            Optional<Form> wanted = source.forms().stream()
                    .filter(each -> each != Form.AS_IS && each.text().equals(as.textValue()))
                    .findFirst();
            if (wanted.isEmpty()) {
                Set<String> forms = source.forms().stream()
                        .filter(each -> each != Form.AS_IS)
                        .map(Form::text)
                        .collect(Collectors.toCollection(TreeSet::new));
                problem(
                        at + "/as",
                        forms.isEmpty()
                                ? source.text() + " has one form only"
                                : "must be one of " + String.join(", ", forms) + " for " + source.text(),
                        as);
            }
            form = wanted.orElse(form);
        }
        if (otherwise != null && (!otherwise.isTextual() || otherwise.asText().length() > MOST_CONSTANT)) {
            problem(at + "/otherwise", "must be a text of at most " + MOST_CONSTANT + " characters", otherwise);
        }
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(new FieldMapping.Value(
                        source, extra, form, Optional.ofNullable(otherwise).map(JsonNode::toString)));
    }

    private void problem(String at, String rule, JsonNode found) {
        problems.add(new DirectoryProblem(place + at, rule, DirectoryParser.describe(found)));
    }

    /** The body as it grows. */
    private sealed interface Twig {}

    private record Leaf(Optional<FieldMapping.Content> content) implements Twig {
        Leaf(FieldMapping.Content content) {
            this(Optional.of(content));
        }

        /** Holds the place of a field that has its own problem, so that clashes with it are found as well. */
        static Leaf broken() {
            return new Leaf(Optional.empty());
        }
    }

    private static final class Branch implements Twig {
        // In the order in which the directory names them: the body's bytes depend on it.
        private final Map<String, Twig> twigs = new LinkedHashMap<>();

        List<FieldMapping.Member> members() {
            List<FieldMapping.Member> members = new ArrayList<>();
            twigs.forEach((name, twig) -> {
                if (twig instanceof Branch branch) {
                    members.add(new FieldMapping.Member(name, new FieldMapping.Group(branch.members())));
                } else if (twig instanceof Leaf leaf) {
                    leaf.content().ifPresent(content -> members.add(new FieldMapping.Member(name, content)));
                }
            });
            return members;
        }
    }
}
