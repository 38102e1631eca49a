package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredReplyTest {
    private static final Instant ASKED = Instant.parse("2026-11-22T13:00:00Z");

    /** Header fields as lines. */
    private static MultiMap headers(String lines) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        lines.lines()
                .forEach(line -> headers.add(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()));
        return headers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Age: 306",
                "age: 1",
                "Age: -1",
                "Age: soon",
                "Age: 0\nAge: 9",
                "Warning: 110 cache \"Response is stale\"",
                "Warning: 199 a \"b\", 111 cache \"Revalidation failed\"",
                "X-Cache: HIT",
                "X-Cache: HIT from proxy.example",
                "x-cache: MISS, HIT",
                "X-Cache: TCP_REFRESH_HIT",
                "X-Cache: Hit from cloudfront",
                "CF-Cache-Status: HIT",
                "cf-cache-status: REVALIDATED",
                "X-Cache-Status: STALE",
                "X-Proxy-Cache: UPDATING",
                "Cache-Status: ExampleCache; hit; ttl=376",
                "Cache-Status: A; fwd=stale; fwd-status=304",
                "X-Cache-Hits: 0, 3",
                "X-Varnish: 32770 5"
            })
    void a_reply_that_says_that_it_was_kept_is_none(String lines) {
        assertThat(StoredReply.isStored(headers(lines))).isTrue();
        assertThat(StoredReply.provesNothing(200, headers(lines), ASKED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json",
                "Cache-Control: max-age=300, stale-while-revalidate=60",
                "ETag: \"x\"",
                "X-Cache: MISS",
                "X-Cache: MISS from proxy.example",
                "X-Cache-Lookup: HIT from proxy.example:3128",
                "CF-Cache-Status: DYNAMIC",
                "Cache-Status: ExampleCache; fwd=method",
                "X-Cache-Hits: 0",
                "X-Varnish: 32770",
                "Warning: 214 a \"Transformation applied\"",
                "Date: Sun, 22 Nov 2026 13:00:00 GMT",
                "Date: Sun, 22 Nov 2026 12:59:58 GMT",
                "Date: Sun, 22 Nov 2026 13:09:00 GMT"
            })
    void any_other_is_of_now(String lines) {
        assertThat(StoredReply.isStored(headers(lines))).isFalse();
        assertThat(StoredReply.provesNothing(200, headers(lines), ASKED)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Age: 0",
                "Date: Sun, 22 Nov 2026 12:59:57 GMT",
                "Date: Sun, 22 Nov 2026 12:54:54 GMT",
                "Date: Sunday, 22-Nov-26 12:00:00 GMT",
                "Date: Sun, 22 Nov 2026 13:00:01 GMT\nDate: Sun, 22 Nov 2026 12:00:00 GMT",
                "Date: then"
            })
    void an_answer_that_may_be_older_than_its_question_proves_nothing(String lines) {
        assertThat(StoredReply.provesNothing(200, headers(lines), ASKED)).isTrue();
        assertThat(StoredReply.isStored(headers(lines))).isFalse();
    }

    @Test
    void a_validator_is_no_answer_and_neither_is_a_part_or_what_a_proxy_has_changed() {
        for (int status : new int[] {203, 206, 304}) {
            assertThat(StoredReply.provesNothing(status, headers(""), ASKED)).isTrue();
        }
        for (int status : new int[] {200, 202, 404, 500}) {
            assertThat(StoredReply.provesNothing(status, headers(""), ASKED)).isFalse();
        }
    }
}
