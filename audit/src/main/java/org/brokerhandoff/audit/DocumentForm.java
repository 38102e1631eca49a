package org.brokerhandoff.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that generate a document: its forms and its language. */
final class DocumentForm {
    @Option(names = "--json", description = "Print it as JSON, even if a page is written.")
    boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write it as an HTML page.")
    @Nullable
    Path html;

    @Option(
            names = "--language",
            defaultValue = "en",
            paramLabel = "TAG",
            description = "Language: en or nb (default: ${DEFAULT-VALUE}).")
    String language = "en";
}
