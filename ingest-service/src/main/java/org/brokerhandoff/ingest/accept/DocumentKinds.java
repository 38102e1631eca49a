package org.brokerhandoff.ingest.accept;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.event.DocumentKind;

/** Kinds of documents as the HTTP interface writes them. */
public final class DocumentKinds {
    private DocumentKinds() {}

    /** The kind of that name, if there is one. */
    public static Optional<DocumentKind> named(String wireName) {
        return Arrays.stream(DocumentKind.values())
                .filter(kind -> wireName(kind).equals(wireName))
                .findFirst();
    }

    /** The kind's name. */
    public static String wireName(DocumentKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** All names, for messages. */
    static String wireNames() {
        return Arrays.stream(DocumentKind.values()).map(DocumentKinds::wireName).collect(Collectors.joining(", "));
    }
}
