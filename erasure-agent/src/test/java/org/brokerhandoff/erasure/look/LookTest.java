package org.brokerhandoff.erasure.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.brokerhandoff.erasure.look.Listing.Place;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookTest {
    private static final String UUID = "0123456789abcdef0123456789abcdef";
    private static final SealedPartition SIGNUPS_3 = new SealedPartition(SealedTopic.SIGNUPS, 3);

    private final Look look = new Look("shop.");

    private static String base(long offset) {
        return String.format("%020d", offset);
    }

    private static Listing listing(String directory, Map<String, Long> files) {
        return new Listing(Map.of(new Place(0, directory), files));
    }

    private Held signups3(Listing listing) {
        return Objects.requireNonNull(look.held(listing).get(SIGNUPS_3));
    }

    private Held held(Map<String, Long> files) {
        return signups3(listing("shop.signups-3", files));
    }

    @ParameterizedTest
    @ValueSource(strings = {".log", ".log.deleted", ".log.swap", ".log.cleaned", ".log.bak"})
    void every_file_of_records_counts_as_long_as_it_has_content(String suffix) {
        assertThat(held(Map.of(base(5) + suffix, 1L, base(9) + ".log", 7L)).lowestOffset())
                .hasValue(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {".log", ".log.deleted", ".log.swap", ".log.cleaned"})
    void a_file_without_content_holds_nothing(String suffix) {
        assertThat(held(Map.of(base(5) + suffix, 0L, base(9) + ".log", 7L)).lowestOffset())
                .hasValue(9);
    }

    @Test
    void where_only_an_empty_segment_is_left_nothing_before_it_is_held() {
        assertThat(held(Map.of(base(9) + ".log", 0L)).lowestOffset()).hasValue(9);
        assertThat(held(Map.of(base(4) + ".log", 0L, base(9) + ".log", 0L)).lowestOffset())
                .hasValue(9);
    }

    @Test
    void the_empty_segment_does_not_hide_the_one_that_is_not_empty() {
        assertThat(held(Map.of(base(4) + ".log", 1L, base(9) + ".log", 0L)).lowestOffset())
                .hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000002.index",
                "00000000000000000002.timeindex",
                "00000000000000000002.txnindex",
                "00000000000000000002.snapshot",
                "00000000000000000002.index.deleted",
                "00000000000000000002.timeindex.swap",
                "00000000000000000002.txnindex.cleaned",
                "00000000000000000002.snapshot.deleted",
                "leader-epoch-checkpoint",
                "leader-epoch-checkpoint.tmp",
                "partition.metadata",
                "partition.metadata.tmp"
            })
    void indexes_snapshots_and_checkpoints_hold_no_records(String name) {
        assertThat(held(Map.of(name, 4096L, base(9) + ".log", 7L)))
                .satisfies(found -> assertThat(found.lowestOffset()).hasValue(9))
                .satisfies(found -> assertThat(found.unknownFiles()).isZero());
    }

    @ParameterizedTest
    @CsvSource({"copy.tar,1", ".nfs000001,20", "00000000000000000009.records,1", "99999999999999999999.log,1", "sub,-1"
    })
    void a_file_that_kafka_does_not_write_may_hold_anything(String name, long bytes) {
        assertThat(held(Map.of(name, bytes, base(9) + ".log", 7L)))
                .satisfies(found -> assertThat(found.lowestOffset()).hasValue(0))
                .satisfies(found -> assertThat(found.unknownFiles()).isOne());
    }

    @Test
    void a_directory_with_no_segment_says_that_nothing_is_held() {
        assertThat(held(Map.of("partition.metadata", 40L)).lowestOffset()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-delete", "-stray", "-future"})
    void directories_on_their_way_in_or_out_count(String suffix) {
        Listing listing = new Listing(Map.of(
                new Place(0, "shop.signups-3"), Map.of(base(9) + ".log", 7L),
                new Place(1, "shop.signups-3." + UUID + suffix), Map.of(base(2) + ".log", 7L)));
        assertThat(look.held(listing)).hasSize(1);
        assertThat(signups3(listing).lowestOffset()).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.signups-0,true",
        "shop.signups-parked-11,true",
        "shop.signups-0.0123456789abcdef0123456789abcdef-delete,true",
        "signups-0,false",
        "shop.signups,false",
        "shop.signups-,false",
        "shop.signups-x,false",
        "shop.signups-parked,false",
        "shop.signups-copy-0,false",
        "shop.purges-0,false",
        "shop.signups-0.0123456789abcdef0123456789abcdef-other,false",
        "another-shop.signups-0,false",
        "meta.properties,false"
    })
    void only_directories_of_the_sealed_topics_of_this_installation_count(String directory, boolean concerns) {
        assertThat(look.concerns(directory)).isEqualTo(concerns);
        assertThat(look.held(listing(directory, Map.of(base(9) + ".log", 7L))).isEmpty())
                .isNotEqualTo(concerns);
    }

    @Test
    void the_two_topics_are_told_apart() {
        assertThat(look.held(listing("shop.signups-parked-3", Map.of(base(1) + ".log", 7L))))
                .containsOnlyKeys(new SealedPartition(SealedTopic.SIGNUPS_PARKED, 3));
    }

    @Test
    void a_file_that_one_reading_missed_while_it_was_renamed_is_in_the_next() {
        Listing first = listing("shop.signups-3", Map.of(base(9) + ".log", 0L));
        Listing second = listing("shop.signups-3", Map.of(base(2) + ".log.deleted", 7L, base(9) + ".log", 5L));
        assertThat(signups3(first.and(second)).lowestOffset()).hasValue(2);
        assertThat(signups3(second.and(first)).lowestOffset()).hasValue(2);
    }

    @Test
    void a_directory_that_one_reading_missed_while_it_was_renamed_is_in_the_next() {
        Listing first = new Listing(Map.of());
        Listing second = listing("shop.signups-3." + UUID + "-delete", Map.of(base(2) + ".log", 7L));
        assertThat(signups3(first.and(second)).lowestOffset()).hasValue(2);
        assertThat(signups3(second.and(first)).lowestOffset()).hasValue(2);
    }

    @Test
    void whatever_else_there_is_the_figure_never_exceeds_the_base_of_a_file_with_content() {
        Random random = new Random(17);
        String[] suffixes = {
            ".log", ".log.deleted", ".log.swap", ".log.cleaned", ".index", ".snapshot", ".log.tmp", ".odd"
        };
        for (int round = 0; round < 5_000; round++) {
            Map<String, Long> files = new HashMap<>();
            long lowest = Long.MAX_VALUE;
            for (int count = random.nextInt(6); count >= 0; count--) {
                long offset = random.nextInt(20);
                String suffix = suffixes[random.nextInt(suffixes.length)];
                long bytes = random.nextBoolean() ? 0 : 1 + random.nextInt(100);
                if (files.putIfAbsent(base(offset) + suffix, bytes) == null && bytes > 0 && suffix.startsWith(".log")) {
                    lowest = Math.min(lowest, offset);
                }
            }
            OptionalLong found = held(files).lowestOffset();
            if (lowest < Long.MAX_VALUE) {
                assertThat(found).as(files.toString()).isPresent();
                assertThat(found.getAsLong()).as(files.toString()).isLessThanOrEqualTo(lowest);
            }
        }
    }

    @Test
    void a_change_of_size_changes_the_listing_and_the_order_of_directories_does_not() {
        Held small = held(Map.of(base(9) + ".log", 7L));
        assertThat(held(Map.of(base(9) + ".log", 8L)).listing()).isNotEqualTo(small.listing());
        assertThat(held(Map.of(base(9) + ".log", 7L))).isEqualTo(small);
    }
}
