package org.brokerhandoff.ingest.accept;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/**
 * The working memory of Jackson's parsers and generators: per thread, like Jackson's, but overwritten after each use, and large enough from
 * the start for any request, so that no outgrown buffer is left behind.
 */
final class WipingBuffers implements RecyclerPool<BufferRecycler> {
    static final WipingBuffers INSTANCE = new WipingBuffers();

    private static final long serialVersionUID = 1L;
    /** As many characters as the largest body has bytes. */
    private static final int LEAST_CHARACTERS = 16 * 1024;

    private static final ThreadLocal<BufferRecycler> OWN = ThreadLocal.withInitial(Wiping::new);

    private WipingBuffers() {}

    /** Not linked to the pool: a thread has one, and may use it for several purposes at once. */
    @Override
    public BufferRecycler acquireAndLinkPooled() {
        return acquirePooled();
    }

    @Override
    public BufferRecycler acquirePooled() {
        return OWN.get();
    }

    @Override
    public void releasePooled(BufferRecycler pooled) {
        // The thread keeps it.
    }

    private static final class Wiping extends BufferRecycler {
        @Override
        public void releaseByteBuffer(int index, byte[] buffer) {
            Arrays.fill(buffer, (byte) 0);
            super.releaseByteBuffer(index, buffer);
        }

        @Override
        public void releaseCharBuffer(int index, char[] buffer) {
            Arrays.fill(buffer, '\0');
            super.releaseCharBuffer(index, buffer);
        }

        @Override
        protected int charBufferLength(int index) {
            return Math.max(LEAST_CHARACTERS, super.charBufferLength(index));
        }
    }
}
