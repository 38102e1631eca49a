package org.brokerhandoff.audit.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The live page in each language: everything that the log may contain has words, and no page contains words of another language. */
class LiveWordsTest {
    private static final Instant NOW = LivePagesTest.NOW;
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    private static Properties texts(String bundle, String language) {
        Properties texts = new Properties();
        String file = "/org/brokerhandoff/audit/" + bundle + "_" + language + ".properties";
        try (var reader = new InputStreamReader(
                Objects.requireNonNull(LiveWordsTest.class.getResourceAsStream(file), file), StandardCharsets.UTF_8)) {
            texts.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    @Test
    void every_language_has_every_text_with_the_same_places() {
        Properties english = texts("live/words", "en");
        for (String language : Wording.languages()) {
            Properties texts = texts("live/words", language);
            assertThat(texts.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
            texts.stringPropertyNames()
                    .forEach(key -> assertThat(places(texts.getProperty(key)))
                            .as(language + " " + key)
                            .isEqualTo(places(english.getProperty(key))));
        }
    }

    private static Set<String> places(String text) {
        return new TreeSet<>(
                PLACE.matcher(text).results().map(MatchResult::group).toList());
    }

    /** "1 requests": each plural after a number has its singular. */
    @ParameterizedTest
    @ValueSource(strings = {"live/words", "report/words", "authority/wording"})
    void a_text_that_has_a_plural_behind_its_number_has_a_singular(String bundle) {
        Properties english = texts(bundle, "en");
        Pattern plural = Pattern.compile(
                "(^|[ (])\\{\\d} (\\w+ )?(records|registrations|messages|entries|events|partitions|violations|requests|signups|matters|times|others|recipients)\\b");
        assertThat(english.stringPropertyNames().stream()
                        .filter(key -> plural.matcher(english.getProperty(key)).find())
                        .filter(key -> !key.endsWith(".one") && !english.containsKey(key + ".one")))
                .isEmpty();
    }

    static List<Class<? extends SpecificRecord>> eventsOfSignups() {
        List<Class<? extends SpecificRecord>> types = new ArrayList<>();
        for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PLACES, Topic.PURGES)) {
            topic.recordTypes().stream()
                    .filter(type -> SpecificData.get().getSchema(type).getField("signupId") != null)
                    .forEach(types::add);
        }
        return types;
    }

    @ParameterizedTest
    @MethodSource("eventsOfSignups")
    void whatever_an_event_of_a_signup_says_has_its_words_in_each_language(Class<? extends SpecificRecord> type)
            throws IOException {
        Random random = new Random(7);
        assertThat(Life.CODEC)
                .as("which says that Avro may load classes of events")
                .isNotNull();
        Schema schema = SpecificData.get().getSchema(type);
        for (Object some : new RandomData(schema, 200, 11)) {
            SpecificRecord event = event(schema, some, random);
            Topic topic = List.of(Topic.values()).stream()
                    .filter(each -> each.recordTypes().contains(type))
                    .findFirst()
                    .orElseThrow();
            TimeLine timeLine = TimeLine.of(EventId.signup(event).orElseThrow(), List.of(record(topic, event)));
            assertThat(timeLine.entries()).hasSize(1);
            for (String language : Wording.languages()) {
                assertThat(new SignupPages(Reader.of(language)).page(timeLine, new Proof.Pending()))
                        .contains("<code>" + type.getSimpleName() + "</code>")
                        .doesNotContainPattern(": null( ·|<)");
            }
        }
    }

    /** Its texts are of no kind that an encoder would let pass. */
    private static KeptRecord record(Topic topic, SpecificRecord event) {
        return new KeptRecord(
                topic,
                new Leaf.Present(
                        new Leaf.Place(topic.baseName(), 0, 0), NOW, Optional.empty(), List.of(), Optional.empty()),
                true,
                new KeptRecord.Content(new Decoded.Event(event), Optional.empty(), true));
    }

    private static SpecificRecord event(Schema schema, Object some, Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(some, encoder);
        encoder.flush();
        SpecificRecord event = new SpecificDatumReader<SpecificRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        for (Schema.Field field : schema.getFields()) {
            if (event.get(field.pos()) instanceof Instant) {
                event.put(field.pos(), NOW.plusMillis(random.nextInt(90_000_000)));
            }
        }
        return event;
    }

    @Test
    void a_page_in_bokmal_has_no_word_of_the_english_one() {
        Properties english = texts("live/words", "en");
        Properties norwegian = texts("live/words", "nb");
        Reader reader = Reader.asking(Optional.of("nb"), Optional.empty()).orElseThrow();
        String overview = new LivePages(reader)
                .overview(
                        LivePagesTest.view(),
                        LivePagesTest.progress(),
                        Optional.of(new Replicas(NOW, 24, 1, 3, 3)),
                        WorkFilter.EVERYTHING);
        String signup = new SignupPages(reader)
                .page(
                        new TimeLine(new java.util.UUID(1, 2), List.of()),
                        new Proof.Complete(5, 7, "a/1", NOW, Optional.of(Judgement.Level.SIGNED), List.of()));
        for (String page : List.of(overview, signup)) {
            String text = page.replaceAll("(?s)<style>.*?</style>", "");
            assertThat(text).startsWith("<!doctype html>\n<html lang=\"nb\">");
            english.stringPropertyNames().stream()
                    .filter(key -> key.startsWith("live."))
                    .filter(key -> !english.getProperty(key).equals(norwegian.getProperty(key)))
                    .map(english::getProperty)
                    .filter(words -> words.length() > 6 && !words.contains("{"))
                    .forEach(words -> assertThat(text).doesNotContain(">" + words + "<"));
        }
        assertThat(overview).contains("krav: sletting (artikkel 17)", "Arbeid etter frist", "123\u00a0456 poster lest");
        assertThat(signup).contains("fullstendig: 5 av 5", "signert bare av hovedboken");
    }

    @Test
    void a_language_that_was_chosen_stands_in_every_link_and_form_and_one_of_the_browser_in_none() {
        Reader chosen = Reader.asking(Optional.of("nb"), Optional.of("en")).orElseThrow();
        Reader browsers =
                Reader.asking(Optional.empty(), Optional.of("fr, nn-NO;q=0.8")).orElseThrow();
        WorkFilter filter =
                LiveStateTest.filter(Map.of("kind", "notice", "due", "week")).orElseThrow();
        String one = new LivePages(chosen)
                .overview(LivePagesTest.view(), LivePagesTest.progress(), Optional.empty(), filter);
        String other = new LivePages(browsers)
                .overview(LivePagesTest.view(), LivePagesTest.progress(), Optional.empty(), filter);
        assertThat(hrefs(one))
                .isNotEmpty()
                .allSatisfy(href -> assertThat(href).containsPattern("(\\?|&amp;)language=(nb|en)(#|$)"))
                .contains("/?kind=notice&amp;due=week&amp;language=en", "/?due=escalated&amp;language=nb#work");
        assertThat(Pattern.compile("name=\"language\" value=\"nb\"")
                        .matcher(one)
                        .results())
                .hasSize(2);
        assertThat(other).contains("<html lang=\"nb\">").doesNotContain("name=\"language\"");
        assertThat(hrefs(other)).filteredOn(href -> href.contains("language=")).hasSize(1);
        assertThat(Reader.asking(Optional.of("fr"), Optional.empty())).isEmpty();
        assertThat(Reader.asking(Optional.empty(), Optional.of("fr"))
                        .orElseThrow()
                        .words()
                        .language())
                .isEqualTo("en");
    }

    private static List<String> hrefs(String page) {
        return Pattern.compile(" href=\"(/[^\"]*)\"")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void one_matter_is_not_called_matters() {
        LiveView view = LivePagesTest.view();
        Work only = LivePagesTest.work(1, Work.Kind.REQUEST, Optional.empty(), Duration.ofHours(3));
        LiveView one = new LiveView(
                NOW, 1, Optional.empty(), 0, List.of(only), 1, 0, view.brokers(), view.agents(), view.custody());
        assertThat(only.what()).isEqualTo(RightsType.ERASURE);
        assertThat(new LivePages(Reader.of("en"))
                        .overview(one, LivePagesTest.progress(), Optional.empty(), WorkFilter.EVERYTHING))
                .contains("1 of 1 matter shown");
    }
}
