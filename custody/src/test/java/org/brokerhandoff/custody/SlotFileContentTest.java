package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.brokerhandoff.custody.Answers.awaited;
import static org.brokerhandoff.custody.Completed.assertFails;
import static org.brokerhandoff.custody.Completed.now;
import static org.brokerhandoff.custody.SlotBytes.contains;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What stays in the file, and what is made of a file that is found. */
class SlotFileContentTest extends TwoProcesses {
    @Test
    void erased_keys_are_not_in_the_file_and_live_ones_are() throws IOException {
        List<byte[]> erasedWrappings = new ArrayList<>();
        List<byte[]> liveWrappings = new ArrayList<>();
        try (SlotFile large = open(64, 2048)) {
            for (int i = 0; i < 2000; i++) {
                UUID id = UUID.randomUUID();
                HoldOutcome.Held held = (HoldOutcome.Held) now(large.hold(id, EXPIRY));
                byte[] wrapping = raw.wrapping(held.slot());
                byte[] bytes = Files.readAllBytes(file());
                if (i % 200 == 0) {
                    assertThat(contains(bytes, wrapping))
                            .as("control: a live key is found")
                            .isTrue();
                    assertThat(contains(bytes, held.key().getEncoded()))
                            .as("only wrapped")
                            .isFalse();
                    liveWrappings.add(wrapping);
                } else {
                    erasedWrappings.add(wrapping);
                    now(large.erase(held.slot(), id, EraseReason.DELIVERED));
                    awaited(large.free(held.slot(), id));
                }
            }
        }
        byte[] bytes = Files.readAllBytes(file());
        Set<ByteBuffer> pieces = new HashSet<>();
        for (int i = 0; i + 8 <= bytes.length; i++) {
            pieces.add(ByteBuffer.wrap(bytes, i, 8).slice());
        }
        for (byte[] live : liveWrappings) {
            assertThat(pieces).contains(ByteBuffer.wrap(live, 0, 8).slice());
        }
        for (byte[] erased : erasedWrappings) {
            for (int i = 0; i + 8 <= erased.length; i++) {
                assertThat(pieces.contains(ByteBuffer.wrap(erased, i, 8).slice()))
                        .isFalse();
            }
        }
    }

    @Test
    void a_wrapped_key_copied_to_another_slot_or_with_another_expiry_does_not_open() throws IOException {
        UUID id = UUID.randomUUID();
        SlotReference from = hold(id).slot();
        SlotReference to = hold(id).slot();
        byte[] own = raw.read(SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA, 64);
        raw.write(
                SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA,
                raw.read(SlotLayout.fileOffset(from.slot()) + SlotLayout.KEY_AREA, 64));
        assertThat(awaited(ingest.key(from, id))).isPresent();
        assertThat(awaited(ingest.key(to, id))).isEmpty();
        raw.write(SlotLayout.fileOffset(to.slot()) + SlotLayout.KEY_AREA, own);
        assertThat(awaited(ingest.key(to, id))).isPresent();
        raw.write(SlotLayout.fileOffset(to.slot()) + SlotLayout.EXPIRY, new byte[] {1});
        assertThat(awaited(ingest.key(to, id))).isEmpty();
    }

    @Test
    void a_new_file_is_for_its_owner_only() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.size(file())).isEqualTo(65_536 + 64 * 128);
    }

    @Test
    void a_file_opened_again_still_has_its_keys() {
        UUID id = UUID.randomUUID();
        HoldOutcome.Held held = hold(id);
        try (SlotFile again = open(1000, 1000)) {
            assertThat(again.serving()).isFalse();
            assertThatThrownBy(() -> awaited(again.key(held.slot(), id))).isInstanceOf(CustodyException.class);
            assertFails(again.offer(() -> true, held.slot(), id, 0, FJORD));
            again.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertThat(awaited(again.key(held.slot(), id)).orElseThrow().getEncoded())
                    .isEqualTo(held.key().getEncoded());
            assertThat(awaited(again.usage()).capacity())
                    .as("it grew to what was asked for")
                    .isEqualTo(1000);
            assertThat(awaited(ingest.usage()).capacity())
                    .as("within its own maximum")
                    .isEqualTo(64);
        }
    }

    @Test
    void a_file_of_another_kind_version_or_content_is_refused_with_what_was_found() throws IOException {
        byte[] header = raw.read(0, 48);
        raw.write(0, new byte[] {0x50, 0x4B});
        assertRefused("504b");
        raw.write(0, header);
        raw.write(8, new byte[] {0, 0, 0, 9});
        assertRefused("layout version is 9");
        raw.write(0, header);
        raw.write(20, new byte[] {(byte) ~header[20]});
        assertRefused("checksum");
        raw.write(0, header);
        open(64, 64).close();
        Files.write(directory.resolve("short"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> SlotFile.open(new CustodySettings(directory.resolve("short"), 64, 64), keyset))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("3 bytes");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file());
        assertThatThrownBy(() -> SlotFile.open(new CustodySettings(link, 64, 64), keyset))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("symbolic");
    }

    private void assertRefused(String found) {
        assertThatThrownBy(() -> open(64, 64))
                .isInstanceOf(CustodyException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(found);
    }
}
