package org.brokerhandoff.ingest.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * The keys of receipts: the first signs, all are published. While a key is replaced, the new one is published for some time before it
 * signs, so that cached copies of the key set have it; the old one stays published for as long as its receipts are to be checked.
 */
public final class ReceiptKeys {
    private final List<ReceiptKey> keys;

    private ReceiptKeys(List<ReceiptKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * The keys in {@code files}, each an unencrypted PKCS#8 private key in PEM form; none, if there are no files.
     *
     * @throws InvalidReceiptKeys with all problems together
     */
    public static ReceiptKeys read(List<Path> files) {
        List<ReceiptKey> keys = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Path file : files) {
            try {
                ReceiptKey key = new ReceiptKey(SigningKey.parse("receipt", SecretFile.read(file)));
                if (!ids.add(key.id())) {
                    problems.add(file + " has the key of an earlier file");
                }
                keys.add(key);
            } catch (ExposedSecretFile | MalformedNote e) {
                problems.add(file + ": " + e.getMessage());
            } catch (IOException e) {
                problems.add(file + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidReceiptKeys(problems);
        }
        return new ReceiptKeys(keys);
    }

    /** A detached JWS over a receipt's bytes; absent if there is no key. */
    public Optional<String> signature(byte[] receipt) {
        return keys.stream().findFirst().map(key -> key.detachedSignature(receipt));
    }

    /** The key set (RFC 7517), as JSON. */
    public String keySet() {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        ArrayNode all = set.putArray("keys");
        keys.forEach(key -> all.add(key.publicJwk()));
        return set.toString();
    }
}
