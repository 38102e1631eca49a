package org.brokerhandoff.audit.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Rights;
import org.brokerhandoff.audit.authority.ProcessingRecord.Activity;
import org.brokerhandoff.audit.authority.ProcessingRecord.Processing;
import org.brokerhandoff.audit.authority.ProcessingRecord.Recipient;
import org.brokerhandoff.audit.authority.ProcessingRecord.Spread;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DataCategory;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.OperatorPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PublishedProcessor;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.RecipientRole;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.event.TransferBasis;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessingRecordTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant READ = RECEIVED.plus(Duration.ofDays(3));
    private static final Life LIFE = new Life(new UUID(7, 9), 0, RECEIVED);
    private static final Life OTHER = new Life(new UUID(7, 10), 0, RECEIVED.plusSeconds(60));

    private static ProcessingRecord record(SpecificRecord... events) {
        ProcessingFold fold = new ProcessingFold();
        Stream.of(events).forEach(fold::add);
        fold.endOfPartition();
        return fold.found(READ);
    }

    private static OperatorPublished operator(String name, Instant at) {
        return OperatorPublished.newBuilder()
                .setDigest(new Digest(new byte[32]))
                .setPublishedAt(at)
                .setName(name)
                .setRegisteredOffice("Storgata 1, 0155 Oslo")
                .setContact("privacy@signups.example")
                .setDataProtectionOfficer("dpo@signups.example")
                .setJurisdiction("NO")
                .setProcessors(List.of(new PublishedProcessor("Hosting <AS>", "runs the servers", "SE")))
                .setNotices(List.of())
                .setExtraMembers(List.of("newsletter"))
                .build();
    }

    private static final DirectoryPublished DIRECTORY = DirectoryPublished.newBuilder(Life.directory(
                    Life.broker(Life.FJORD, 1)
                            .setName("Fjord Markets")
                            .setLegalEntity("Fjord Markets AS")
                            .setRole(RecipientRole.JOINT_CONTROLLER)
                            .setEstablishedIn("NO")
                            .setTransferBases(List.of(new TransferBasis("GB", "ADEQUACY")))
                            .setAgreementTitle("Agreement 7")
                            .setAgreementValidUntil(LocalDate.of(2027, 1, 31))
                            .setContact("privacy@fjord.example")
                            .build(),
                    Life.broker("helpdesk", 1).setKind(RecipientKind.HELPDESK).build()))
            .setPublishedAt(RECEIVED.minusSeconds(60))
            .build();

    @Test
    void activities_are_those_that_the_log_knows_of_with_what_they_are_about() {
        ConsentGranted swede = ConsentGranted.newBuilder(OTHER.granted())
                .setJurisdiction("SE")
                .setDataCategories(List.of(DataCategory.IDENTITY))
                .build();
        Life message = new Life(new UUID(7, 11), 0, RECEIVED);
        ProcessingRecord record = record(
                swede,
                LIFE.granted(),
                LIFE.granted(),
                message.contact("helpdesk"),
                new Rights(LIFE, new UUID(1, 1), RightsType.ACCESS).requested(9, null, null));
        assertThat(record.activities())
                .extracting(Activity::processing)
                .containsExactly(Processing.BROKER_HANDOFF, Processing.HELPDESK, Processing.RIGHTS_REQUESTS);
        Activity handoff = record.activities().get(0);
        assertThat(handoff.number()).as("one was published twice").isEqualTo(2);
        assertThat(handoff.since()).isEqualTo(RECEIVED);
        assertThat(handoff.categories()).containsExactly(DataCategory.IDENTITY, DataCategory.CONTACT);
        assertThat(handoff.countries()).containsExactly("NO", "SE");
        assertThat(record.activities().get(1).categories()).containsExactly(DataCategory.CORRESPONDENCE);
    }

    @Test
    void recipients_are_those_of_the_newest_directory_and_former_ones_that_accepted_something() {
        DirectoryPublished older = Life.directory(RECEIVED);
        ProcessingRecord record = record(
                DIRECTORY,
                older,
                LIFE.granted(),
                LIFE.delivered(Life.NORDLYS, 1, 20),
                LIFE.delivered(Life.NORDLYS, 1, 20),
                OTHER.granted());
        assertThat(record.recipients())
                .extracting(recipient -> recipient.published().getId(), Recipient::current, Recipient::accepted)
                .containsExactly(
                        tuple(Life.FJORD, true, 0L), tuple("helpdesk", true, 0L), tuple(Life.NORDLYS, false, 1L));
        assertThat(record.recipients().get(0).published().getName()).isEqualTo("Fjord Markets");
        assertThat(record(DIRECTORY, older).recipients())
                .as("who never got anything and is not there any more is none")
                .hasSize(2);
    }

    @Test
    void times_for_erasure_are_measured_over_what_was_accepted() {
        Purged first = LIFE.purged(PurgeReason.DELIVERED, 1_000);
        ProcessingRecord.Erasure erasure = record(
                        LIFE.granted(),
                        Purged.newBuilder(first).setLevel(PurgeLevel.UNREADABLE).build(),
                        first,
                        OTHER.granted(),
                        OTHER.purged(PurgeReason.EXPIRED, Life.HOLD.toMillis() + 1_000),
                        new Life(new UUID(7, 12), 0, RECEIVED).granted(),
                        new Life(new UUID(7, 13), 0, RECEIVED).purged(PurgeReason.INVALID, 77_000_000))
                .erasure();
        assertThat(erasure.longestPromise()).contains(Life.HOLD);
        assertThat(erasure.purged()).isEqualTo(2);
        assertThat(erasure.late()).isEqualTo(1);
        assertThat(erasure.untilKeyDestroyed())
                .contains(new Spread(Life.HOLD.plusSeconds(2).dividedBy(2), Life.HOLD.plusSeconds(1)));
        assertThat(erasure.byLevel())
                .as("the level that was reached in the end")
                .containsExactly(entry(PurgeLevel.UNREACHABLE, 2L));
        assertThat(record().erasure().longestPromise()).isEmpty();
    }

    @Test
    void what_was_published_counts_in_its_newest_version() {
        CustodyExamined router = Life.examined(RECEIVED);
        PolicyPublished old = Life.policy(RECEIVED);
        PolicyPublished newer = PolicyPublished.newBuilder(old)
                .setVersion("2026-11-20")
                .setEffectiveAt(RECEIVED.minusSeconds(60))
                .build();
        PolicyPublished future = PolicyPublished.newBuilder(old)
                .setVersion("2027-01-01")
                .setEffectiveAt(READ.plusSeconds(1))
                .build();
        PolicyPublished cookies = PolicyPublished.newBuilder(old)
                .setKind(DocumentKind.COOKIES)
                .setDigest(Digests.sha256("cookies"))
                .build();
        ProcessingRecord record = record(
                operator("Second AS", RECEIVED),
                operator("First AS", RECEIVED.minusSeconds(9)),
                Life.examined(READ, PurgeLevel.UNREADABLE),
                router,
                CustodyExamined.newBuilder(router)
                        .setService(ServiceName.INGEST)
                        .build(),
                old,
                newer,
                newer,
                cookies,
                future);
        assertThat(record.operator().orElseThrow().getName()).isEqualTo("Second AS");
        assertThat(record.examinations())
                .extracting(CustodyExamined::getService, CustodyExamined::getHighestLevel)
                .containsExactlyInAnyOrder(
                        tuple(ServiceName.ROUTER, PurgeLevel.UNREADABLE), tuple(ServiceName.INGEST, PurgeLevel.ERASED));
        assertThat(record.documents())
                .extracting(PolicyPublished::getKind, PolicyPublished::getVersion)
                .containsExactly(tuple(DocumentKind.PRIVACY, "2026-11-20"), tuple(DocumentKind.COOKIES, Life.POLICY));
    }

    static ProcessingRecord full() {
        return record(
                operator("Signups AS", RECEIVED),
                DIRECTORY,
                Life.examined(RECEIVED),
                Life.policy(RECEIVED),
                LIFE.granted(),
                LIFE.delivered(Life.FJORD, 1, 20),
                LIFE.purged(PurgeReason.DELIVERED, 1_000),
                OTHER.contact("helpdesk"));
    }

    @Test
    void every_form_in_every_language_has_what_article_30_asks_for_and_escapes_what_was_published() {
        ProcessingRecordDocument document = new ProcessingRecordDocument(full());
        for (String language : Wording.languages()) {
            Wording words = Wording.in(language).orElseThrow();
            String page = document.html(words);
            assertThat(page)
                    .contains("<html lang=\"" + language + "\">")
                    .contains("Hosting &lt;AS&gt;")
                    .doesNotContain("<AS>")
                    .doesNotContain("<script");
            assertThat(Stream.of(page, document.text(words)))
                    .allSatisfy(form -> assertThat(form)
                            .contains(
                                    "Signups AS",
                                    "dpo@signups.example",
                                    "Fjord Markets, Fjord Markets AS (fjord-markets)",
                                    "ADEQUACY",
                                    "Agreement 7",
                                    "2027-01-31",
                                    "newsletter",
                                    "runs the servers",
                                    "EXT4_ORDERED",
                                    Life.POLICY,
                                    READ.toString())
                            .doesNotContain("{0}"));
        }
        assertThat(document.text(Wording.in("en").orElseThrow()))
                .contains("Joint controllers: Fjord Markets")
                .contains("Norway (NO)")
                .contains("Promised: at most 1 d 0 h after receipt")
                .contains("1 registration or message was erased, 0 of them after the promised time");
        assertThat(document.text(Wording.in("nb").orElseThrow()))
                .contains("Behandlingsansvarlig")
                .contains("Storbritannia (GB): ADEQUACY");
    }

    @Test
    void json_has_all_of_it() throws Exception {
        JsonNode json = new ObjectMapper().readTree(new ProcessingRecordDocument(full()).json());
        assertThat(json.at("/controller/name").asText()).isEqualTo("Signups AS");
        assertThat(json.at("/controller/processors/0/country").asText()).isEqualTo("SE");
        assertThat(json.at("/controller/extraMembers/0").asText()).isEqualTo("newsletter");
        assertThat(json.at("/activities/0/purpose").asText()).isEqualTo("BROKER_HANDOFF");
        assertThat(json.at("/recipients/0/transferBasisByCountry/GB").asText()).isEqualTo("ADEQUACY");
        assertThat(json.at("/recipients/0/accepted").asInt()).isEqualTo(1);
        assertThat(json.at("/erasure/longestPromise").asText()).isEqualTo("PT24H");
        assertThat(json.at("/erasure/byLevel/UNREACHABLE").asInt()).isEqualTo(1);
        assertThat(json.at("/examinations/0/highestLevel").asText()).isEqualTo("ERASED");
        assertThat(json.at("/documents/0/sha256").asText()).hasSize(64);
    }

    @Test
    void an_empty_log_makes_a_record_that_says_so() {
        ProcessingRecordDocument document = new ProcessingRecordDocument(record());
        for (String language : Wording.languages()) {
            assertThat(document.text(Wording.in(language).orElseThrow())).doesNotContain("{0}");
        }
        assertThat(document.text(Wording.in("en").orElseThrow()))
                .contains("The log does not say who the controller is")
                .contains("The log names no recipients")
                .contains("None was published");
        assertThat(document.html(Wording.in("en").orElseThrow())).doesNotContain("<table");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.25S,0.3 s",
        "PT59.9S,59.9 s",
        "PT1M,1 min 0 s",
        "PT59M59S,59 min 59 s",
        "PT1H,1 h 0 min",
        "PT23H59M,23 h 59 min",
        "PT49H,2 d 1 h"
    })
    void a_duration_has_two_units(Duration duration, String text) {
        assertThat(ProcessingRecordDocument.duration(duration)).isEqualTo(text);
    }
}
