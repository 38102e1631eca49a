package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/reading-the-log.md}, which outsiders go by. */
class ReadingPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reading-the-log.md");

    @Test
    void the_page_has_every_topic_every_header_and_the_id_of_every_event() throws IOException {
        String page = Files.readString(PAGE);
        String ids = page.substring(page.indexOf("## Ids of events"));
        for (Topic topic : Topic.values()) {
            assertThat(page).contains("`" + topic.baseName() + "`");
            topic.recordTypes()
                    .forEach(type -> assertThat(ids).containsPattern("[ ,]" + type.getSimpleName() + "[,:;\\s]"));
        }
        assertThat(page)
                .contains(
                        "`" + CloudEventHeaders.SPECVERSION + "`",
                        "`" + CloudEventHeaders.ID + "`",
                        "`" + CloudEventHeaders.SOURCE + "`",
                        "`" + CloudEventHeaders.TYPE + "`",
                        "`" + CloudEventHeaders.TIME + "`",
                        "`" + CloudEventHeaders.SUBJECT + "`",
                        "`" + CloudEventHeaders.DATASCHEMA + "`",
                        "`" + CloudEventHeaders.CONTENT_TYPE + "`");
    }

    @Test
    void a_schemas_name_in_the_headers_is_that_of_its_released_file() {
        assertThat(ReleasedSchemas.all())
                .allSatisfy(schema -> assertThat(
                                ReleasedSchemas.urn(schema.getName(), EventCodec.fingerprint(schema)) + ".avsc")
                        .isEqualTo("urn:broker-handoff:schema:" + ReleasedSchemas.fileName(schema)));
    }
}
