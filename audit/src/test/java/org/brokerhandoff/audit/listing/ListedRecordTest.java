package org.brokerhandoff.audit.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.SegmentMarker;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListedRecordTest {
    private static final Instant AT = Instant.parse("2026-11-29T12:00:00Z");
    private static final UUID SIGNUP = UUID.fromString("01990000-0000-7000-8000-000000000001");
    private static final Life LIFE = new Life(SIGNUP, 0, AT);
    private static final KeptRecord DELIVERED =
            Records.of(Topic.HANDOFFS, 2, 42, LIFE.delivered(Life.FJORD, 1, 20), AT);
    private static final KeptRecord PURGED =
            Records.of(Topic.PURGES, 2, 43, LIFE.purged(PurgeReason.DELIVERED, 50), AT.plusSeconds(1));
    private static final Selection ALL =
            new Selection(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static KeptRecord damaged(String text) {
        return Records.value(DELIVERED, value -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_event_is_an_object_of_place_attributes_and_fields() {
        assertThat(ListedRecord.of(DELIVERED).json().toString())
                .startsWith(
                        "{\"topic\":\"handoffs\",\"partition\":2,\"offset\":42,\"appendedAt\":\"2026-11-29T12:00:00.000Z\","
                                + "\"id\":\"" + SIGNUP + "/delivered\",\"type\":\"org.brokerhandoff.event.Delivered\","
                                + "\"source\":\"/handoff/router\",\"time\":\"2026-11-29T12:00:00Z\",\"subject\":\""
                                + SIGNUP
                                + "\",\"data\":{\"signupId\":\"" + SIGNUP + "\",\"broker\":\"fjord-markets\",");
    }

    @Test
    void what_cannot_be_read_is_its_place_and_the_reason() {
        assertThat(ListedRecord.of(damaged("kari@example.no")).json().toString())
                .isEqualTo(
                        "{\"topic\":\"handoffs\",\"partition\":2,\"offset\":42,\"appendedAt\":\"2026-11-29T12:00:00.000Z\","
                                + "\"unreadable\":\"it is not an event, or is damaged\"}");
        assertThat(RecordLine.of(ListedRecord.of(damaged("kari@example.no")), false))
                .isEqualTo("2026-11-29T12:00:00.000Z  handoffs-2@42     unreadable: it is not an event, or is damaged");
    }

    @Test
    void an_event_that_may_not_stand_there_is_not_shown() {
        assertThat(ListedRecord.of(Records.of(Topic.HANDOFFS, 0, new SegmentMarker(AT)))
                        .content())
                .isEqualTo(new ListedRecord.Unreadable("SegmentMarker is not allowed in this topic"));
    }

    @Test
    void headers_that_no_publisher_of_ours_wrote_are_not_shown() {
        KeptRecord tampered = DELIVERED;
        for (String header : List.of(
                CloudEventHeaders.ID,
                CloudEventHeaders.TYPE,
                CloudEventHeaders.SUBJECT,
                CloudEventHeaders.SOURCE,
                CloudEventHeaders.TIME)) {
            tampered = Records.header(tampered, header, Optional.of("kari@example.no"));
        }
        ListedRecord listed = ListedRecord.of(tampered);
        assertThat(listed.json().toString())
                .doesNotContain("kari")
                .contains("\"source\":null,\"time\":null,\"subject\":\"" + SIGNUP + "\"");
        assertThat(new CsvTable(List.of()).row(listed) + RecordLine.of(listed, true))
                .doesNotContain("kari");
    }

    @Test
    void a_line_for_people_has_the_essentials_and_no_digest_in_full() {
        String line = RecordLine.of(ListedRecord.of(DELIVERED), false);
        assertThat(line)
                .startsWith(
                        "2026-11-29T12:00:00.000Z  handoffs-2@42     Delivered  " + SIGNUP + "  broker fjord-markets, ")
                .doesNotContain("\u001b");
        // Of an event without a subject nothing is left out.
        assertThat(RecordLine.of(ListedRecord.of(Records.of(Topic.PURGES, 0, LIFE.look(3, 900, 42L))), false))
                .contains("broker 3, directories [], topic SIGNUPS, partition 0, lowestOffset 42, ");
        String policy = RecordLine.of(ListedRecord.of(Records.of(Topic.CONSENTS, 0, Life.policy(AT))), true);
        assertThat(policy).contains("\u001b[1mPolicyPublished\u001b[0m").doesNotContainPattern("[0-9a-f]{64}");
    }

    @Test
    void records_are_chosen_by_type_signup_broker_and_time() {
        assertThat(takes(ALL, DELIVERED)).isTrue();
        assertThat(takes(types("Purged"), DELIVERED)).isFalse();
        assertThat(takes(types("Purged"), PURGED)).isTrue();
        assertThat(takes(signup(SIGNUP), DELIVERED)).isTrue();
        assertThat(takes(signup(new UUID(1, 1)), DELIVERED)).isFalse();
        assertThat(takes(broker(Life.FJORD), DELIVERED)).isTrue();
        assertThat(takes(broker(Life.FJORD), PURGED))
                .isEqualTo(PURGED.event()
                        .map(event -> ((Purged) event).toString().contains(Life.FJORD))
                        .orElseThrow());
        assertThat(takes(broker("fjord"), DELIVERED)).isFalse();
        Selection second = new Selection(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(AT.plusMillis(1)),
                Optional.of(AT.plusSeconds(1)));
        assertThat(takes(second, DELIVERED)).isFalse();
        assertThat(takes(second, PURGED)).isFalse();
    }

    @Test
    void what_cannot_be_read_is_shown_unless_something_is_asked_for_that_it_cannot_be() {
        assertThat(takes(ALL, damaged("x"))).isTrue();
        assertThat(takes(signup(SIGNUP), damaged("x"))).isTrue();
        assertThat(takes(signup(new UUID(1, 1)), damaged("x"))).isFalse();
        assertThat(takes(types("Delivered"), damaged("x"))).isFalse();
        assertThat(takes(broker(Life.FJORD), damaged("x"))).isFalse();
    }

    @Test
    void a_table_has_one_column_for_the_event_or_one_for_each_field() {
        CsvTable whole = new CsvTable(List.of());
        assertThat(whole.header())
                .isEqualTo("topic,partition,offset,appendedAt,id,type,source,time,subject,data,unreadable\r\n");
        assertThat(whole.row(ListedRecord.of(DELIVERED)))
                .startsWith("handoffs,2,42,2026-11-29T12:00:00.000Z," + SIGNUP + "/delivered,")
                .contains(",\"{\"\"signupId\"\":\"\"" + SIGNUP + "\"\",")
                .endsWith("}\",\r\n");
        assertThat(whole.row(ListedRecord.of(damaged("kari"))))
                .isEqualTo("handoffs,2,42,2026-11-29T12:00:00.000Z,,,,,,,\"it is not an event, or is damaged\"\r\n");
        CsvTable fields = new CsvTable(List.of("broker", "attempt", "level"));
        assertThat(fields.header()).endsWith("subject,data.broker,data.attempt,data.level,unreadable\r\n");
        assertThat(fields.row(ListedRecord.of(DELIVERED))).endsWith("," + SIGNUP + ",fjord-markets,1,,\r\n");
        assertThat(fields.row(ListedRecord.of(damaged("kari"))))
                .isEqualTo("handoffs,2,42,2026-11-29T12:00:00.000Z,,,,,,,,,\"it is not an event, or is damaged\"\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "fjord-markets | fjord-markets",
                "a,b | \"a,b\"",
                "say \"no\" | \"say \"\"no\"\"\"",
                "=cmd() | '=cmd()",
                "+4790123456 | '+4790123456",
                "@SUM(A1) | '@SUM(A1)",
                "-2+3 | '-2+3",
                "=A1,\"x\" | \"'=A1,\"\"x\"\"\"",
                "-12 | -12",
                "~~ | ~~",
            })
    void a_cell_is_quoted_where_it_has_to_be_and_is_never_a_formula(String text, String cell) {
        assertThat(CsvTable.cell(text)).isEqualTo(cell);
    }

    private static boolean takes(Selection selection, KeptRecord record) {
        return selection.takes(ListedRecord.of(record));
    }

    private static Selection types(String type) {
        return new Selection(Set.of(type), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Selection signup(UUID id) {
        return new Selection(Set.of(), Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Selection broker(String id) {
        return new Selection(Set.of(), Optional.empty(), Optional.of(id), Optional.empty(), Optional.empty());
    }
}
