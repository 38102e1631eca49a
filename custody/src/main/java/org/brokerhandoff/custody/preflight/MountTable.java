package org.brokerhandoff.custody.preflight;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The mounts that a process sees, in the kernel's order. Pure.
 *
 * @param mounts one per line that could be understood
 */
record MountTable(List<Mount> mounts) {
    MountTable {
        mounts = List.copyOf(mounts);
    }

    /** Reads the text of {@code /proc/self/mountinfo}. Lines that cannot be understood are passed over. */
    static MountTable parse(String mountinfo) {
        return new MountTable(
                mountinfo.lines().flatMap(line -> mount(line).stream()).toList());
    }

    private static Optional<Mount> mount(String line) {
        String[] words = line.split(" ", -1);
        int separator = Arrays.asList(words).indexOf("-");
        if (separator < 6 || words.length < separator + 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    words[2],
                    unescaped(words[3]),
                    unescaped(words[4]),
                    words[separator + 1],
                    unescaped(words[separator + 2]),
                    List.of(words[separator + 3].split(","))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Space, tab, line feed and backslash stand as a backslash and three octal digits; the rest is UTF-8. */
    private static String unescaped(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\'
                    && i + 3 < bytes.length
                    && octal(bytes, i + 1)
                    && octal(bytes, i + 2)
                    && octal(bytes, i + 3)) {
                plain.write((bytes[i + 1] - '0') * 64 + (bytes[i + 2] - '0') * 8 + (bytes[i + 3] - '0'));
                i += 3;
            } else {
                plain.write(bytes[i]);
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    private static boolean octal(byte[] bytes, int at) {
        return bytes[at] >= '0' && bytes[at] <= '7';
    }

    /**
     * The mount in which {@code path} lies, found as the kernel finds it: from the outermost mount inwards, so that a mount
     * hides what was mounted below its mount point before it, and the last of several at one point hides the others.
     *
     * @param path absolute, without symbolic links
     */
    Optional<Mount> of(String path) {
        Optional<Mount> here = mounts.stream()
                .filter(mount -> mount.holds(path) && outermost(mount))
                .reduce((one, next) ->
                        next.mountPoint().length() >= one.mountPoint().length() ? next : one);
        List<Mount> passed = new ArrayList<>();
        while (here.isPresent() && !passed.contains(here.get())) {
            Mount on = here.get();
            passed.add(on);
            Optional<Mount> next = mounts.stream()
                    .filter(mount -> mount.parent() == on.id() && mount.id() != on.id() && mount.holds(path))
                    .sorted(Comparator.comparingInt(mount -> mount.mountPoint().length()))
                    .reduce((one, later) ->
                            later.mountPoint().length() > one.mountPoint().length() ? one : later);
            if (next.isEmpty()) {
                return here;
            }
            here = next;
        }
        return here;
    }

    private boolean outermost(Mount mount) {
        return mounts.stream().noneMatch(other -> other.id() == mount.parent() && other.id() != mount.id());
    }
}
