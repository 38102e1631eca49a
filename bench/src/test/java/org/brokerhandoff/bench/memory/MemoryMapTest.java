package org.brokerhandoff.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryMapTest {
    private static final MemoryMap.Range HEAP = new MemoryMap.Range(0xe0000000L, 0x100000000L);

    private static List<RegionKind> kinds(String... lines) {
        return MemoryMap.regions(List.of(lines), HEAP, Set.of(0x7f0000002100L)).stream()
                .map(MemoryMap.Region::kind)
                .toList();
    }

    @Test
    void regions_are_told_apart() {
        assertThat(kinds(
                        "e0000000-ece00000 rw-p 00000000 00:00 0 ",
                        "ece00000-100000000 ---p 00000000 00:00 0 ",
                        "55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0                          [heap]",
                        "7f0000000000-7f0000001000 rwxp 00000000 00:00 0 ",
                        "7f0000002000-7f0000003000 rw-p 00000000 00:00 0 ",
                        "7f0004000000-7f0004021000 rw-p 00000000 00:00 0 ",
                        "7f0010001000-7f0010003000 rw-s 00000000 fe:00 1234        /var/lib/handoff/custody.slots",
                        "7f0020001000-7f0020003000 rw-p 00000000 00:00 0 ",
                        "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]",
                        "7ffc00030000-7ffc00034000 r--p 00000000 00:00 0                          [vvar]"))
                .containsExactly(
                        RegionKind.JAVA_HEAP,
                        RegionKind.MALLOC,
                        RegionKind.CODE_CACHE,
                        RegionKind.THREAD_STACKS,
                        RegionKind.MALLOC,
                        RegionKind.FILES,
                        RegionKind.ANONYMOUS,
                        RegionKind.THREAD_STACKS);
    }

    @Test
    void the_heap_is_where_the_jvm_says() {
        assertThat(MemoryMap.heap("[0.01s][debug][gc,heap,coops] Heap address: 0x00000000e0000000, size: 512 MB, "
                        + "Compressed Oops mode: 32-bit"))
                .isEqualTo(HEAP);
        assertThatThrownBy(() -> MemoryMap.heap("something else")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kinds("not a line")).isInstanceOf(IllegalArgumentException.class);
    }
}
