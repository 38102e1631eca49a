package org.brokerhandoff.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kept topics carry only enums, numbers, times, digests of published texts, random ids, and strings of a closed list of kinds. */
class KeptTopicsTest {
    private static final Set<String> PERSONAL_WORDS = Set.of(
            "person",
            "fullname",
            "firstname",
            "lastname",
            "surname",
            "email",
            "mail",
            "phone",
            "mobile",
            "address",
            "street",
            "city",
            "postal",
            "birth",
            "gender",
            "passport",
            "ssn",
            "ip",
            "useragent",
            "subject",
            "message",
            "comment",
            "note",
            "text",
            "reference");

    private static final Set<String> FIXED_TYPES = Set.of(
            "SignupId",
            "Digest",
            "RandomId",
            "DirectoryId",
            "CellRun",
            // Auditors verify the one by the other, so neither can hold anything else.
            "PublicKey",
            "Ed25519Signature");

    static Stream<Schema> keptSchemas() {
        return Arrays.stream(Topic.values())
                .filter(Topic::kept)
                .flatMap(topic -> topic.recordTypes().stream())
                .map(type -> SpecificData.get().getSchema(type));
    }

    @ParameterizedTest
    @MethodSource("keptSchemas")
    void a_kept_topic_has_no_field_that_could_hold_a_person(Schema schema) {
        assertThat(problems(schema, schema.getName())).isEmpty();
    }

    /** Who decides what a text of each kind may be. Never a client: what a request names is one of what these have published. */
    private static final Map<ContentKind, String> DECIDED_BY = new EnumMap<>(Map.ofEntries(
            Map.entry(
                    ContentKind.BROKER_ID,
                    "the operator's broker directory and rules per country; ingest refuses a recipient that no directory has"),
            Map.entry(ContentKind.KEY_OWNER, "the operator's key file"),
            Map.entry(ContentKind.KEY_ID, "the operator's key file"),
            Map.entry(
                    ContentKind.POLICY_VERSION,
                    "the operator's published policies; ingest refuses a version that is not published"),
            Map.entry(ContentKind.MEMBER_NAME, "the operator's file"),
            Map.entry(ContentKind.COUNTRY, "ISO 3166-1"),
            Map.entry(ContentKind.COUNTRY_PATTERN, "ISO 3166-1"),
            Map.entry(ContentKind.LANGUAGE_TAG, "the known languages, scripts and regions of LanguageTags"),
            Map.entry(ContentKind.TRANSFER_BASIS, "the operator's broker directory"),
            Map.entry(ContentKind.TIME_ZONE, "the IANA database"),
            Map.entry(ContentKind.OPENING_HOURS, "the operator's broker directory"),
            Map.entry(ContentKind.PUBLISHED_TEXT, "the operator's broker directory, and what it says of itself"),
            Map.entry(ContentKind.LEDGER_ORIGIN, "the operator's settings"),
            Map.entry(ContentKind.LEDGER_ENTRY, "the grammar of a ledger's entry: hashes, offsets and times"),
            Map.entry(
                    ContentKind.SIGNED_CHECKPOINT,
                    "the grammar of a signed note: the log's and its witnesses' names and signatures")));

    /** What a visitor does on the site must not be linked to a registration: POLICY P5. */
    @Test
    void no_event_has_both_a_visitor_and_a_signup() {
        List<Schema> schemas = Arrays.stream(Topic.values())
                .flatMap(topic -> topic.recordTypes().stream())
                .<Schema>map(type -> SpecificData.get().getSchema(type))
                .toList();
        assertThat(schemas).anySatisfy(schema -> assertThat(fieldNames(schema)).contains("visitorid"));
        assertThat(schemas).anySatisfy(schema -> assertThat(fieldNames(schema)).contains("signupid"));
        for (Schema schema : schemas) {
            Set<String> names = fieldNames(schema);
            assertThat(names.stream().anyMatch(name -> name.contains("visitor"))
                            && (names.stream().anyMatch(name -> name.contains("signup"))
                                    || typeNames(schema).contains("SignupId")))
                    .describedAs(schema.getName())
                    .isFalse();
        }
    }

    private static Set<String> fieldNames(Schema schema) {
        return walked(schema)
                .filter(inner -> inner.getType() == Schema.Type.RECORD)
                .flatMap(record -> record.getFields().stream())
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static Set<String> typeNames(Schema schema) {
        return walked(schema).map(Schema::getName).collect(Collectors.toSet());
    }

    /** The schema and every one inside it. */
    private static Stream<Schema> walked(Schema schema) {
        Stream<Schema> inner = switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().map(Schema.Field::schema);
            case ARRAY -> Stream.of(schema.getElementType());
            case UNION -> schema.getTypes().stream();
            default -> Stream.empty();
        };
        return Stream.concat(Stream.of(schema), inner.flatMap(KeptTopicsTest::walked));
    }

    @Test
    void no_kind_of_text_is_decided_by_a_client() {
        assertThat(DECIDED_BY.keySet()).containsExactlyInAnyOrder(ContentKind.values());
    }

    @Test
    void the_rule_itself_refuses_free_text_bytes_maps_and_personal_names() {
        Schema bad = SchemaBuilder.record("Bad")
                .fields()
                .requiredString("remark")
                .requiredBytes("blob")
                .name("labels")
                .type()
                .map()
                .values()
                .longType()
                .noDefault()
                .requiredLong("phone")
                .name("sneaky")
                .type()
                .optional()
                .array()
                .items()
                .stringType()
                .endRecord();
        assertThat(problems(bad, "Bad"))
                .containsExactlyInAnyOrder(
                        "Bad.remark: string without a known content kind",
                        "Bad.blob: BYTES is not allowed in a kept topic",
                        "Bad.labels: MAP is not allowed in a kept topic",
                        "Bad.phone: named like personal data",
                        "Bad.sneaky: string without a known content kind");
    }

    private static List<String> problems(Schema schema, String path) {
        List<String> problems = new ArrayList<>();
        switch (schema.getType()) {
            case RECORD ->
                schema.getFields().forEach(field -> {
                    String fieldPath = path + "." + field.name();
                    if (words(field.name()).anyMatch(PERSONAL_WORDS::contains)
                            || PERSONAL_WORDS.contains(field.name().toLowerCase(Locale.ROOT))) {
                        problems.add(fieldPath + ": named like personal data");
                    }
                    problems.addAll(problems(field.schema(), fieldPath));
                });
            case ARRAY -> problems.addAll(problems(schema.getElementType(), path));
            case UNION -> schema.getTypes().forEach(type -> problems.addAll(problems(type, path)));
            case STRING -> {
                Optional<ContentKind> kind = ContentKind.named(String.valueOf(schema.getProp("content")));
                if (kind.isEmpty()) {
                    problems.add(path + ": string without a known content kind");
                } else if (kind.get() == ContentKind.PUBLISHED_TEXT
                        && !path.startsWith("DirectoryPublished.")
                        && !path.startsWith("OperatorPublished.")) {
                    problems.add(path + ": published text outside the directory and the operator's file");
                }
            }
            case FIXED -> {
                if (!FIXED_TYPES.contains(schema.getName())) {
                    problems.add(path + ": fixed " + schema.getName() + " is not a random id or a digest");
                }
            }
            case ENUM, INT, LONG, BOOLEAN, NULL -> {}
            default -> problems.add(path + ": " + schema.getType() + " is not allowed in a kept topic");
        }
        return problems;
    }

    private static Stream<String> words(String camelCase) {
        return Arrays.stream(camelCase.split("(?=[A-Z])")).map(word -> word.toLowerCase(Locale.ROOT));
    }
}
