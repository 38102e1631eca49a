package org.brokerhandoff.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.brokerhandoff.ledger.merkle.Hash;

/** A public key with its name and type, written as {@code name+id+base64(type ‖ key)} ("vkey"). */
public final class VerifierKey {
    private final String name;
    private final KeyType type;
    private final byte[] publicKey;

    /**
     * A key.
     *
     * @param name key name; for a log its origin
     * @param type the content of its signatures
     * @param publicKey raw public key, of the length that its type has
     * @throws IllegalArgumentException if the name is invalid, or the key has another length
     */
    public VerifierKey(String name, KeyType type, byte[] publicKey) {
        if (!SignedNote.isKeyName(name)) {
            throw new IllegalArgumentException("a key name is not empty and has no blanks and no plus sign");
        }
        if (publicKey.length != type.publicKeyBytes()) {
            throw new IllegalArgumentException(
                    "a public key of type " + type + " has " + type.publicKeyBytes() + " bytes");
        }
        this.name = name;
        this.type = type;
        this.publicKey = publicKey.clone();
    }

    /** Key name; for a log its origin. */
    public String name() {
        return name;
    }

    /** The content of its signatures. */
    public KeyType type() {
        return type;
    }

    /**
     * Parses a vkey.
     *
     * @throws MalformedNote if it is not one, its id does not match, or its type is unknown
     */
    public static VerifierKey parse(String vkey) throws MalformedNote {
        // Base64 may contain a plus sign; name and id do not.
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3 || !parts[1].matches("[0-9a-f]{8}")) {
            throw new MalformedNote("a verifier key is name+id+base64, the id of eight lower-case hexadecimal digits");
        }
        try {
            byte[] key = Base64.getDecoder().decode(parts[2]);
            if (key.length == 0) {
                throw new MalformedNote("a verifier key has a type and a public key");
            }
            KeyType type = KeyType.of(key[0])
                    .orElseThrow(() -> new MalformedNote("the type of this verifier key is not supported"));
            VerifierKey parsed = new VerifierKey(parts[0], type, Arrays.copyOfRange(key, 1, key.length));
            if (parsed.id() != HexFormat.fromHexDigits(parts[1])) {
                throw new MalformedNote("the id of this verifier key is not that of its name and key");
            }
            return parsed;
        } catch (IllegalArgumentException e) {
            throw new MalformedNote("a verifier key has a name without blanks, and base64 of a type and a public key");
        }
    }

    /** A copy of the raw public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** First four bytes of SHA-256(name ‖ line feed ‖ type ‖ public key). */
    public int id() {
        Hash hash = Hash.sha256(name.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', type.identifier()}, publicKey);
        return ByteBuffer.wrap(hash.bytes()).getInt();
    }

    /** The same key with another type, as meant by policies that list a witness by its type 01 key. */
    VerifierKey as(KeyType other) {
        return new VerifierKey(name, other, publicKey);
    }

    /**
     * Whether {@code signature} is a bare Ed25519 signature of {@code message} by this key, as made by {@link SigningKey#sign(byte[])} for
     * forms other than notes.
     */
    public boolean signed(byte[] message, byte[] signature) {
        return type == KeyType.ED25519 && Signatures.ed25519(this, message, signature);
    }

    /** Whether {@code signature} claims to be by this key. */
    public boolean claimedBy(NoteSignature signature) {
        return signature.keyId() == id() && signature.name().equals(name);
    }

    static String hex(int id) {
        return HexFormat.of().toHexDigits(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return id();
    }

    /** The vkey. */
    @Override
    public String toString() {
        byte[] key = ByteBuffer.allocate(1 + publicKey.length)
                .put(type.identifier())
                .put(publicKey)
                .array();
        return name + "+" + hex(id()) + "+" + Base64.getEncoder().encodeToString(key);
    }
}
