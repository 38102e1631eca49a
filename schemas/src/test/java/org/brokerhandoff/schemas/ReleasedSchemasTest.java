package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReleasedSchemasTest {
    private static final Path DIRECTORY = Path.of("src/main/resources/org/brokerhandoff/schemas/released");

    /** {@code mvn -pl schemas test -Dschemas.release=true} releases the versions that are new. */
    @BeforeAll
    static void release_new_versions_when_asked() throws IOException {
        if (!Boolean.getBoolean("schemas.release")) {
            return;
        }
        Set<String> released =
                Files.readAllLines(DIRECTORY.resolve("index.txt")).stream().collect(Collectors.toSet());
        for (Schema schema : currentSchemas().toList()) {
            String name = ReleasedSchemas.fileName(schema);
            if (released.add(name)) {
                Files.writeString(DIRECTORY.resolve(name), schema + "\n");
                Files.writeString(DIRECTORY.resolve("index.txt"), name + "\n", StandardOpenOption.APPEND);
            }
        }
    }

    static Stream<Schema> currentSchemas() {
        return Arrays.stream(Topic.values())
                .flatMap(topic -> topic.recordTypes().stream())
                .distinct()
                .map(type -> SpecificData.get().getSchema(type));
    }

    @ParameterizedTest
    @MethodSource("currentSchemas")
    void every_current_version_is_released(Schema current) throws IOException {
        assertThat(Files.readAllLines(DIRECTORY.resolve("index.txt")))
                .as("new version of a schema; check it, then run with -Dschemas.release=true")
                .contains(ReleasedSchemas.fileName(current));
    }

    @ParameterizedTest
    @MethodSource("currentSchemas")
    void every_current_version_reads_all_released_versions(Schema current) throws IOException {
        // Not the other way: an older reader knows a newer version neither by its fingerprint nor otherwise, and says
        // so.
        for (Schema released : releasedVersionsOf(current.getFullName())) {
            assertThat(SchemaCompatibility.checkReaderWriterCompatibility(current, released)
                            .getType())
                    .as("%s reads %s", current.getName(), ReleasedSchemas.fileName(released))
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @Test
    void a_released_file_still_has_the_content_its_name_says() throws IOException {
        for (String name : Files.readAllLines(DIRECTORY.resolve("index.txt"))) {
            Schema schema = new Schema.Parser().parse(Files.readString(DIRECTORY.resolve(name)));
            assertThat(ReleasedSchemas.fileName(schema)).isEqualTo(name);
        }
    }

    @Test
    void no_released_file_is_missing_from_the_index_or_the_index_from_the_files() throws IOException {
        List<String> index = Files.readAllLines(DIRECTORY.resolve("index.txt"));
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".avsc")))
                    .containsExactlyInAnyOrderElementsOf(index);
        }
    }

    private static List<Schema> releasedVersionsOf(String fullName) throws IOException {
        return Files.readAllLines(DIRECTORY.resolve("index.txt")).stream()
                .map(name -> {
                    try {
                        return new Schema.Parser().parse(Files.readString(DIRECTORY.resolve(name)));
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .filter(schema -> schema.getFullName().equals(fullName))
                .toList();
    }
}
