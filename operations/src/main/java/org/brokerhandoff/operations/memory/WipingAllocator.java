package org.brokerhandoff.operations.memory;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.internal.CleanableDirectBuffer;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Network buffers whose memory is zeroed when it is released, including the memory that a buffer leaves behind when it grows.
 *
 * <p>A buffer reports Netty's pooled allocator as its own. Vert.x copies buffers of that one and releases them; buffers of an unknown
 * allocator are passed on and never released, so they would never be overwritten.
 */
public final class WipingAllocator extends AbstractByteBufAllocator {
    /** The shared instance. */
    public static final WipingAllocator INSTANCE = new WipingAllocator();

    private static final byte[] ZEROS = new byte[4096];
    private static final int SMALLEST_BYTES = 256;
    private static final int LARGEST_BYTES = 64 * 1024;
    private static final int MOST_FREE_BYTES = 1024 * 1024;

    private final MemoryPieces pieces = new MemoryPieces();
    private final LongAdder taken = new LongAdder();
    private final LongAdder released = new LongAdder();

    private WipingAllocator() {
        super(true);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return new WipedHeapBuffer(initialCapacity, maxCapacity);
    }

    /** Number of off-heap blocks that were released, and thereby overwritten, so far. */
    long released() {
        return released.sum();
    }

    /** Number of off-heap blocks that are in use, or were never released. */
    long unreleased() {
        return taken.sum() - released.sum();
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return new WipedDirectBuffer(pieces.take(initialCapacity), initialCapacity, maxCapacity, pieces);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }

    private static void wipe(ByteBuffer memory) {
        for (int at = 0; at < memory.capacity(); at += ZEROS.length) {
            memory.put(at, ZEROS, 0, Math.min(ZEROS.length, memory.capacity() - at));
        }
    }

    private static final class WipedHeapBuffer extends UnpooledHeapByteBuf {
        WipedHeapBuffer(int initialCapacity, int maxCapacity) {
            super(PooledByteBufAllocator.DEFAULT, initialCapacity, maxCapacity);
        }

        @Override
        protected void freeArray(byte[] array) {
            Arrays.fill(array, (byte) 0);
        }
    }

    private static final class WipedDirectBuffer extends UnpooledDirectByteBuf {
        private final MemoryPieces pieces;
        /** The initial memory; Netty does not release it by itself. */
        private @Nullable CleanableDirectBuffer first;

        WipedDirectBuffer(CleanableDirectBuffer first, int initialCapacity, int maxCapacity, MemoryPieces pieces) {
            super(PooledByteBufAllocator.DEFAULT, first.buffer().slice(0, initialCapacity), maxCapacity);
            this.first = first;
            this.pieces = pieces;
            writerIndex(0);
        }

        @Override
        public ByteBuf capacity(int newCapacity) {
            boolean moves = newCapacity != capacity();
            super.capacity(newCapacity);
            if (moves) {
                releaseFirst();
            }
            return this;
        }

        /** For a buffer that grows or shrinks. */
        @Override
        protected CleanableDirectBuffer allocateDirectBuffer(int capacity) {
            CleanableDirectBuffer piece = pieces.take(capacity);
            ByteBuffer memory = piece.buffer().slice(0, capacity);
            return new CleanableDirectBuffer() {
                @Override
                public ByteBuffer buffer() {
                    return memory;
                }

                @Override
                public void clean() {
                    piece.clean();
                }
            };
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            releaseFirst();
        }

        private void releaseFirst() {
            if (first != null) {
                first.clean();
                first = null;
            }
        }
    }

    /** Off-heap blocks by size, reused once they are zero. Larger or surplus ones are returned to the system. */
    private final class MemoryPieces {
        private final Queue<Piece>[] free;
        private final AtomicInteger[] count;

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of queues
        MemoryPieces() {
            int sizes = index(LARGEST_BYTES) + 1;
            free = new Queue[sizes];
            count = new AtomicInteger[sizes];
            for (int i = 0; i < sizes; i++) {
                free[i] = new ConcurrentLinkedQueue<>();
                count[i] = new AtomicInteger();
            }
        }

        private int index(int bytes) {
            int rounded = Integer.highestOneBit(Math.max(SMALLEST_BYTES, bytes) * 2 - 1);
            return Integer.numberOfTrailingZeros(rounded) - Integer.numberOfTrailingZeros(SMALLEST_BYTES);
        }

        CleanableDirectBuffer take(int bytes) {
            taken.increment();
            if (bytes > LARGEST_BYTES) {
                return new Piece(PlatformDependent.allocateDirect(bytes), -1);
            }
            int index = index(bytes);
            Piece known = free[index].poll();
            if (known != null) {
                count[index].decrementAndGet();
                return known;
            }
            return new Piece(PlatformDependent.allocateDirect(SMALLEST_BYTES << index), index);
        }

        private final class Piece implements CleanableDirectBuffer {
            private final CleanableDirectBuffer memory;
            private final int index;

            Piece(CleanableDirectBuffer memory, int index) {
                this.memory = memory;
                this.index = index;
            }

            @Override
            public ByteBuffer buffer() {
                return memory.buffer();
            }

            @Override
            public void clean() {
                wipe(memory.buffer());
                released.increment();
                if (index >= 0 && count[index].get() < MOST_FREE_BYTES / (SMALLEST_BYTES << index)) {
                    count[index].incrementAndGet();
                    free[index].add(this);
                } else {
                    memory.clean();
                }
            }
        }
    }
}
