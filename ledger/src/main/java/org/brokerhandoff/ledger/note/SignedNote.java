package org.brokerhandoff.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A text and the signatures below it, all unverified.
 *
 * @param text the signed text, with its final line feed
 * @param signatures at least one, in the order of the lines
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** Maximum size of a note that is read, in bytes: room for 64 post-quantum signatures, and a limit for a peer that sends more. */
    public static final int MAXIMUM_BYTES = 1 << 20;

    /** Maximum number of signatures of a note. */
    public static final int MAXIMUM_SIGNATURES = 64;

    static final String DASH = "\u2014 ";

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * Parses a note.
     *
     * @throws MalformedNote if it violates the format
     */
    public static SignedNote parse(byte[] bytes) throws MalformedNote {
        if (bytes.length > MAXIMUM_BYTES) {
            throw new MalformedNote("a note has at most " + MAXIMUM_BYTES + " bytes, this one " + bytes.length);
        }
        String note = utf8(bytes);
        if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new MalformedNote("a note has no control characters but line feeds");
        }
        int separator = note.lastIndexOf("\n\n");
        if (separator < 0 || !note.endsWith("\n")) {
            throw new MalformedNote("a note ends with an empty line and lines of signatures");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : note.substring(separator + 2).lines().toList()) {
            if (signatures.size() == MAXIMUM_SIGNATURES) {
                throw new MalformedNote("a note has at most " + MAXIMUM_SIGNATURES + " signatures");
            }
            signatures.add(signature(line));
        }
        if (signatures.isEmpty()) {
            throw new MalformedNote("a note has at least one signature");
        }
        return new SignedNote(note.substring(0, separator + 1), signatures);
    }

    private static String utf8(byte[] bytes) throws MalformedNote {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedNote("a note is valid UTF-8");
        }
    }

    /**
     * Parses one signature line, without its line feed. Cosignatures come from witnesses as bare lines.
     *
     * @throws MalformedNote if it violates the format
     */
    public static NoteSignature signature(String line) throws MalformedNote {
        if (!line.startsWith(DASH)) {
            throw new MalformedNote("a signature line starts with an em dash and a blank");
        }
        String rest = line.substring(DASH.length());
        int blank = rest.indexOf(' ');
        if (blank < 0 || !isKeyName(rest.substring(0, blank))) {
            throw new MalformedNote("a signature line has a key name and a signature");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(rest.substring(blank + 1));
        } catch (IllegalArgumentException e) {
            throw new MalformedNote("a signature is base64");
        }
        if (bytes.length < 5) {
            throw new MalformedNote("a signature has a key id of four bytes and something after it");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int keyId = buffer.getInt();
        byte[] signature = new byte[buffer.remaining()];
        buffer.get(signature);
        return new NoteSignature(rest.substring(0, blank), keyId, signature);
    }

    /** Whether {@code name} is a valid key name: not empty, no white space of any script, no plus sign. */
    static boolean isKeyName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c == '+' || c < ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** This note with {@code more} signatures appended; duplicate lines are dropped. */
    public SignedNote with(List<NoteSignature> more) {
        List<NoteSignature> all = new ArrayList<>(signatures);
        more.stream().filter(signature -> !all.contains(signature)).forEach(all::add);
        return new SignedNote(text, all);
    }

    /** The serialised note. */
    public byte[] bytes() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()).append('\n'));
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }
}
