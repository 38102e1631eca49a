package org.brokerhandoff.operations.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The type of a plain (unquoted) YAML scalar. Common parsers follow YAML 1.1 or 1.2, or mix them; a scalar that they would interpret
 * differently is refused.
 *
 * @see <a href="https://yaml.org/type/">YAML 1.1, types</a>
 * @see <a href="https://yaml.org/spec/1.2.2/#103-core-schema">YAML 1.2.2, core schema</a>
 */
sealed interface PlainScalar {
    /** Text, a boolean or a number. */
    record Value(JsonNode node) implements PlainScalar {}

    /** Refused. */
    record Refused(String rule, String found) implements PlainScalar {}

    /** Longer numbers cost more to convert than any meaning justifies. */
    int MOST_NUMBER_CHARACTERS = 40;

    Set<String> NONE = Set.of("", "~", "null", "Null", "NULL");

    Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");
    Pattern DECIMAL = Pattern.compile("-?(?:0|[1-9][0-9]*)\\.[0-9]+");

    /** A refused form, and its name. */
    record Form(Pattern pattern, String name) {}

    List<Form> REFUSED = List.of(
            new Form(Pattern.compile("True|TRUE|False|FALSE"), "a boolean in capitals"),
            new Form(
                    Pattern.compile("[-+]?0(?:[oO][0-7_]*|[xX][0-9A-Fa-f_]*|[bB][01_]*)"),
                    "an octal, hexadecimal or binary number"),
            new Form(Pattern.compile("[-+]?0[0-9_]+"), "a number with a leading zero"),
            new Form(
                    Pattern.compile("[-+]?(?:[0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][-+]?[0-9_]+)?"),
                    "a number in another form than 17 or 1.5"),
            new Form(Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\\.[0-9_]*)?"), "a number to the base of 60"),
            new Form(Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)"), "infinity, or not a number"),
            new Form(Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?"), "a time"));

    /** The type of {@code text}. */
    static PlainScalar of(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new Value(BooleanNode.valueOf(text.equals("true")));
        }
        if (NONE.contains(text)) {
            return new Refused("have a value", "none");
        }
        boolean integer = INTEGER.matcher(text).matches();
        if (integer || DECIMAL.matcher(text).matches()) {
            return text.length() > MOST_NUMBER_CHARACTERS
                    ? new Refused("be a number of at most " + MOST_NUMBER_CHARACTERS + " characters", "more")
                    : new Value(integer ? integer(text) : JsonNodeFactory.instance.numberNode(new BigDecimal(text)));
        }
        return REFUSED.stream()
                .filter(form -> form.pattern().matcher(text).matches())
                .findFirst()
                .<PlainScalar>map(form -> new Refused(
                        "be quoted if it is text; numbers are written as 17 or 1.5, booleans as true or false",
                        form.name()))
                .orElseGet(() -> new Value(TextNode.valueOf(text)));
    }

    private static JsonNode integer(String text) {
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Integer.SIZE
                ? JsonNodeFactory.instance.numberNode(number.intValueExact())
                : JsonNodeFactory.instance.numberNode(number);
    }

    /** Whether {@code text} has no control character, and none that some parsers take for a line end. */
    static boolean isPrintable(String text) {
        return text.codePoints().allMatch(PlainScalar::isPrintable);
    }

    /** Whether a character is allowed in a value or a name. */
    static boolean isPrintable(int character) {
        return !Character.isISOControl(character)
                && character != 0x2028
                && character != 0x2029
                && character != 0xFEFF
                && (character & 0xFFFE) != 0xFFFE
                && (character < 0xD800 || character > 0xDFFF);
    }
}
