package org.brokerhandoff.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextCacheTest {
    @Test
    void what_was_not_read_for_longest_makes_room() {
        TextCache cache = new TextCache(30);
        cache.put("a", new byte[10]);
        cache.put("b", new byte[10]);
        cache.put("c", new byte[10]);
        assertThat(cache.find("a")).isPresent();

        cache.put("d", new byte[15]);

        assertThat(cache.find("a")).isPresent();
        assertThat(cache.find("b")).isEmpty();
        assertThat(cache.find("c")).isEmpty();
        assertThat(cache.find("d")).isPresent();
    }

    @Test
    void a_text_that_is_put_twice_counts_once_and_one_beyond_the_bound_is_not_cached() {
        TextCache cache = new TextCache(30);
        for (int i = 0; i < 10; i++) {
            cache.put("a", new byte[10]);
        }
        cache.put("b", new byte[20]);
        assertThat(cache.find("a")).isPresent();

        cache.put("large", new byte[31]);
        assertThat(cache.find("large")).isEmpty();
        cache.put("b", new byte[20]);
        assertThat(cache.find("b")).isPresent();
    }
}
