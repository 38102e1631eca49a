package org.brokerhandoff.ingest.accept;

import java.io.OutputStream;
import java.util.Arrays;
import org.brokerhandoff.custody.PersonalData;

/** Collects a person's bytes and leaves no copy behind: neither when it grows nor when it hands them over. */
final class WipedBytes extends OutputStream {
    private byte[] bytes;
    private int length;

    WipedBytes(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    @Override
    public void write(int b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** The bytes; this object has none afterwards. */
    PersonalData handOver() {
        byte[] exact = Arrays.copyOf(bytes, length);
        wipe();
        return PersonalData.takeOver(exact);
    }

    void wipe() {
        Arrays.fill(bytes, (byte) 0);
        length = 0;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            byte[] larger = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
    }
}
