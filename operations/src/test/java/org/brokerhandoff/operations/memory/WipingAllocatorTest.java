package org.brokerhandoff.operations.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WipingAllocatorTest {
    private static final byte[] TEXT = "kari@example.no".getBytes(StandardCharsets.UTF_8);

    private static boolean zero(ByteBuffer memory) {
        for (int i = 0; i < memory.capacity(); i++) {
            if (memory.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 256, 1000, 2048, 65_536})
    void the_memory_of_a_direct_buffer_is_zero_once_it_is_released(int capacity) {
        ByteBuf buffer = WipingAllocator.INSTANCE.directBuffer(capacity);
        ByteBuffer memory = buffer.internalNioBuffer(0, capacity).slice();
        while (buffer.writableBytes() > 0) {
            buffer.writeByte(7);
        }
        assertThat(zero(memory)).isFalse();

        assertThat(buffer.release()).isTrue();

        assertThat(zero(memory)).isTrue();
    }

    @Test
    void the_memory_that_a_growing_buffer_leaves_is_zero_at_once() {
        ByteBuf buffer = WipingAllocator.INSTANCE.directBuffer(256).writeBytes(TEXT);
        ByteBuffer first = buffer.internalNioBuffer(0, 256).slice();
        buffer.capacity(1024);
        ByteBuffer second = buffer.internalNioBuffer(0, 1024).slice();

        assertThat(zero(first)).isTrue();
        assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("kari@example.no");

        buffer.capacity(4096);
        assertThat(zero(second)).isTrue();
        assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("kari@example.no");
        assertThat(buffer.release()).isTrue();
    }

    @Test
    void a_slice_keeps_the_memory_until_it_is_released_too() {
        ByteBuf buffer = WipingAllocator.INSTANCE.directBuffer(256).writeBytes(TEXT);
        ByteBuffer memory = buffer.internalNioBuffer(0, 256).slice();
        ByteBuf slice = buffer.readRetainedSlice(4);
        assertThat(buffer.release()).isFalse();
        assertThat(slice.toString(StandardCharsets.UTF_8)).isEqualTo("kari");
        assertThat(slice.release()).isTrue();
        assertThat(zero(memory)).isTrue();
    }

    @Test
    void the_array_of_a_heap_buffer_is_zero_once_it_is_released_or_outgrown() {
        ByteBuf buffer = WipingAllocator.INSTANCE.heapBuffer(16).writeBytes(TEXT);
        byte[] first = buffer.array();
        buffer.capacity(64);
        byte[] second = buffer.array();
        assertThat(first).containsOnly(0);
        assertThat(buffer.release()).isTrue();
        assertThat(second).containsOnly(0);
    }

    @Test
    void reused_memory_comes_as_zero_and_belongs_to_one_buffer_at_a_time() {
        ByteBuf one = WipingAllocator.INSTANCE.directBuffer(300).writeBytes(TEXT);
        ByteBuf other = WipingAllocator.INSTANCE.directBuffer(300).writeBytes(TEXT);
        one.setByte(0, 'K');
        assertThat(other.toString(StandardCharsets.UTF_8)).isEqualTo("kari@example.no");
        one.release();
        assertThat(other.toString(StandardCharsets.UTF_8)).isEqualTo("kari@example.no");
        other.release();
        ByteBuf next = WipingAllocator.INSTANCE.directBuffer(300);
        assertThat(zero(next.internalNioBuffer(0, 300).slice())).isTrue();
        next.release();
    }

    @Test
    void servers_and_clients_take_their_buffers_from_it_and_release_them() throws Exception {
        long before = WipingAllocator.INSTANCE.released();
        Vertx vertx = WipingTransport.vertx();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request ->
                            request.body().onSuccess(body -> request.response().end(body)))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            String text = "kari@example.no ".repeat(5000);
            HttpClientAgent client = vertx.createHttpClient();
            Buffer echo = client.request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/")
                    .compose(request -> request.send(Buffer.buffer(text)))
                    .compose(HttpClientResponse::body)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(echo.toString()).isEqualTo(text);
            // Held until here: Vert.x closes an unreferenced client.
            client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        // Read and written on both sides, in more than one piece each.
        assertThat(WipingAllocator.INSTANCE.released() - before).isGreaterThan(4);
        await().until(() -> WipingAllocator.INSTANCE.unreleased() == 0);
    }
}
