package org.brokerhandoff.custody;

import java.util.zip.CRC32C;

/** The checksum of custody's files: the Castagnoli CRC of RFC 3720, appendix B.4. */
final class Crc32c {
    private Crc32c() {}

    /** Of the first {@code length} bytes. */
    static int of(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
