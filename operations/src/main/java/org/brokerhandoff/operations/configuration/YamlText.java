package org.brokerhandoff.operations.configuration;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The characters of a YAML file: UTF-8, without those that parsers and editors treat differently.
 *
 * @param text the file's text; empty if there are problems
 * @param problems refused characters, the first of each line
 */
record YamlText(String text, List<YamlProblem> problems) {
    static YamlText of(byte[] content) {
        if (content.length > StrictYaml.MOST_BYTES) {
            return refused(new YamlProblem(1, "", "be at most " + StrictYaml.MOST_BYTES + " bytes", "more"));
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(content);
        CharBuffer characters = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(bytes, characters, true);
        String text = characters.flip().toString();
        List<YamlProblem> problems = unwanted(text);
        if (result.isError()) {
            problems.add(problem(lineAt(text, text.length()), "be UTF-8", "another byte"));
        }
        return problems.isEmpty() ? new YamlText(text, List.of()) : new YamlText("", List.copyOf(problems));
    }

    private static List<YamlProblem> unwanted(String text) {
        List<YamlProblem> problems = new ArrayList<>();
        int line = 1;
        int reported = 0;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            boolean lineStarts = at == 0 || text.charAt(at - 1) == '\n';
            if (character == '\n') {
                line++;
            } else if (lineStarts && character == '%') {
                // The parser ignores directives that it does not know.
                problems.add(problem(line, "have no directives", "a line that starts with %"));
            } else if (!PlainScalar.isPrintable(character)
                    && !(character == '\r' && next < text.length() && text.charAt(next) == '\n')
                    && reported < line) {
                reported = line;
                problems.add(problem(line, "hold printable characters, blanks and line ends only", name(character)));
            }
            at = next;
        }
        return problems;
    }

    private static String name(int character) {
        return switch (character) {
            case '\t' -> "a tab";
            case '\r' -> "a carriage return that is not followed by a line feed";
            case 0xFEFF -> "a byte order mark (U+FEFF)";
            default -> String.format(java.util.Locale.ROOT, "U+%04X", character);
        };
    }

    private static int lineAt(String text, int end) {
        return 1
                + (int) text.substring(0, end)
                        .chars()
                        .filter(each -> each == '\n')
                        .count();
    }

    private static YamlText refused(YamlProblem problem) {
        return new YamlText("", List.of(problem));
    }

    private static YamlProblem problem(int line, String rule, String found) {
        return new YamlProblem(line, "", rule, found);
    }
}
