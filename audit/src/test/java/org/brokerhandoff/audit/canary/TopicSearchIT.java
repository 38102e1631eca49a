package org.brokerhandoff.audit.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Digests;
import org.junit.jupiter.api.Test;

/** The search of a real Kafka's topics. */
class TopicSearchIT {
    private final TestKafka kafka = TestKafka.shared();
    private final String prefix = kafka.randomTopicPrefix();
    private final KafkaClients clients = new KafkaClients(
            new EventLogSettings(kafka.bootstrapServers(), Map.of(), prefix, 1, 1, Duration.ofHours(24)));

    @Test
    void what_was_appended_since_is_found_in_every_part_of_every_topic_of_the_installation_and_in_no_other()
            throws Exception {
        InventedPerson person = InventedPerson.random(new Random(11));
        UUID signupId = UUID.randomUUID();
        List<String> texts = person.exposeAsTexts();
        PersonSearch search = new PersonSearch(List.of(texts, List.of(signupId.toString())));
        byte[] email = texts.get(3).getBytes(StandardCharsets.UTF_8);
        byte[] nothing = "nothing of anybody".getBytes(StandardCharsets.UTF_8);
        byte[] named = ("about " + signupId).getBytes(StandardCharsets.UTF_8);
        try (Admin admin = clients.admin("test");
                KafkaProducer<byte[], byte[]> producer = clients.producer("test")) {
            admin.createTopics(List.of(
                            new NewTopic(prefix + "one", 2, (short) 1),
                            new NewTopic(prefix + "two", 1, (short) 1),
                            new NewTopic("other-" + prefix, 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(prefix + "one", 1, null, email)).get();
            try (TopicSearch topics = new TopicSearch(clients)) {
                producer.send(new ProducerRecord<>(prefix + "one", 1, null, nothing))
                        .get();
                assertThatThrownBy(() -> topics.search(search))
                        .isInstanceOf(CannotCheck.class)
                        .hasMessageStartingWith("inconclusive");

                producer.send(new ProducerRecord<>(prefix + "one", 0, null, named))
                        .get();
                Searched clean = topics.search(search);
                assertThat(clean.findings()).isZero();
                assertThat(clean.records()).isEqualTo(2);
                assertThat(clean.recordBytes()).isEqualTo(nothing.length + named.length);
                assertThat(clean.places())
                        .contains(
                                "topic " + prefix + "one 0 0 1 "
                                        + HexFormat.of()
                                                .formatHex(Digests.sha256().digest(named)),
                                "topic " + prefix + "one 1 1 2 "
                                        + HexFormat.of()
                                                .formatHex(Digests.sha256().digest(nothing)));

                producer.send(new ProducerRecord<>("other-" + prefix, 0, email, email))
                        .get();
                producer.send(new ProducerRecord<>(prefix + "two", 0, null, (byte[]) null))
                        .get();
                assertThat(topics.search(search).findings())
                        .as("another installation's, and a record of nothing")
                        .isZero();

                producer.send(new ProducerRecord<>(prefix + "one", 0, email, nothing))
                        .get();
                long inKey = topics.search(search).findings();
                assertThat(inKey).isPositive();
                producer.send(new ProducerRecord<>(
                                prefix + "two", 0, (byte[]) null, nothing, List.of(new RecordHeader("note", email))))
                        .get();
                long inHeader = topics.search(search).findings();
                assertThat(inHeader).isGreaterThan(inKey);
                producer.send(new ProducerRecord<>(
                                prefix + "two", 0, null, Base64.getEncoder().encode(email)))
                        .get();
                assertThat(topics.search(search).findings()).isGreaterThan(inHeader);
            }
        }
    }
}
