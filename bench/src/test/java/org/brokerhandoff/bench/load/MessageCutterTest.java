package org.brokerhandoff.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageCutterTest {
    private static final String FIRST = "POST /delay/20 HTTP/1.1\r\nwebhook-id: 1\r\nContent-Length: 5\r\n\r\nhello";
    private static final String SECOND = "HTTP/1.1 204 No Content\r\nserver: none\r\n\r\n";
    private static final String THIRD = "HTTP/1.1 202 Accepted\r\ncontent-length:  2\r\n\r\n{}";
    private static final List<String> EXPECTED =
            List.of("POST /delay/20 HTTP/1.1|hello", "HTTP/1.1 204 No Content|", "HTTP/1.1 202 Accepted|{}");

    private final Seen seen = new Seen();
    private final MessageCutter cutter = new MessageCutter(seen);

    private static final class Seen implements MessageCutter.Listener {
        final List<String> messages = new ArrayList<>();
        int begun;

        @Override
        public void begun() {
            begun++;
        }

        @Override
        public void complete(String head, String body) {
            messages.add(head.substring(0, head.indexOf('\r')) + "|" + body);
        }
    }

    @Test
    void messages_that_arrive_together_are_cut_apart() {
        cutter.take(Buffer.buffer(FIRST + SECOND + THIRD));
        assertThat(seen.messages).isEqualTo(EXPECTED);
        assertThat(seen.begun).isEqualTo(3);
    }

    @Test
    void messages_in_pieces_of_any_size_are_put_together_and_each_begins_once() {
        String all = FIRST + SECOND + THIRD;
        for (int size = 1; size < all.length(); size++) {
            seen.messages.clear();
            seen.begun = 0;
            for (int from = 0; from < all.length(); from += size) {
                cutter.take(Buffer.buffer(all.substring(from, Math.min(all.length(), from + size))));
            }
            assertThat(seen.messages).as("pieces of %d", size).isEqualTo(EXPECTED);
            assertThat(seen.begun).as("pieces of %d", size).isEqualTo(3);
        }
    }

    @Test
    void a_message_longer_than_the_first_room_is_kept_whole() {
        String body = "x".repeat(20_000);
        cutter.take(Buffer.buffer("POST / HTTP/1.1\r\ncontent-length: " + body.length() + "\r\n\r\n" + body));
        assertThat(seen.messages).containsExactly("POST / HTTP/1.1|" + body);
    }

    @Test
    void a_field_is_found_by_its_name_in_any_case_and_not_within_another() {
        String head = "POST / HTTP/1.1\r\nx-webhook-id: no\r\nWebhook-ID:  yes \r\n\r\n";
        assertThat(MessageCutter.field(head, "\r\nwebhook-id:")).contains("yes");
        assertThat(MessageCutter.field(head, "\r\ncontent-length:")).isEmpty();
    }
}
