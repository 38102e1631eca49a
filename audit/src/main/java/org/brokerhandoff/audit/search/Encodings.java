package org.brokerhandoff.audit.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The forms in which a text may be in a file or in memory: plain, UTF-16, hexadecimal, base64 at each of its three alignments. Pure. */
public final class Encodings {
    private Encodings() {}

    /** Each form of {@code text} by its name; forms too short to be significant are omitted. */
    public static Map<String, byte[]> of(String text, int leastBytes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("plain", utf8);
        forms.put("UTF-16LE", text.getBytes(StandardCharsets.UTF_16LE));
        forms.put("UTF-16BE", text.getBytes(StandardCharsets.UTF_16BE));
        // Unencodable characters would become question marks, which occur anywhere.
        if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            forms.put("ISO-8859-1", text.getBytes(StandardCharsets.ISO_8859_1));
        }
        String hex = HexFormat.of().formatHex(utf8);
        forms.put("hex", ascii(hex));
        forms.put("HEX", ascii(hex.toUpperCase(Locale.ROOT)));
        forms.put("JSON escaped", ascii(jsonEscaped(text)));
        for (int alignment = 0; alignment < 3; alignment++) {
            forms.put("base64+" + alignment, ascii(base64(utf8, alignment, Base64.getEncoder())));
            forms.put("base64url+" + alignment, ascii(base64(utf8, alignment, Base64.getUrlEncoder())));
        }
        List<byte[]> seen = new ArrayList<>();
        forms.values().removeIf(form -> {
            boolean superfluous =
                    form.length < leastBytes || seen.stream().anyMatch(other -> Arrays.equals(other, form));
            seen.add(form);
            return superfluous;
        });
        return forms;
    }

    /** The characters of a base64 text that depend on {@code bytes} alone when preceded by {@code alignment} other bytes. */
    private static String base64(byte[] bytes, int alignment, Base64.Encoder encoder) {
        byte[] shifted = new byte[alignment + bytes.length];
        System.arraycopy(bytes, 0, shifted, alignment, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = alignment == 0 ? 0 : alignment + 1;
        int to = shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1;
        return encoded.substring(Math.min(from, to), to);
    }

    private static String jsonEscaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(c < 128 ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return escaped.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
