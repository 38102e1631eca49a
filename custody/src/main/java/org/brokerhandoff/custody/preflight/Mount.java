package org.brokerhandoff.custody.preflight;

import java.util.List;

/**
 * One line of {@code /proc/self/mountinfo}; proc_pid_mountinfo(5) has the format.
 *
 * @param id number of the mount
 * @param parent number of the mount that it is mounted on
 * @param device {@code major:minor}
 * @param root the directory of the file system that is mounted: not {@code /} for a bind mount
 * @param mountPoint where
 * @param type file system type
 * @param source device, share or a mere word
 * @param superOptions options of the file system, those that are not its defaults
 */
public record Mount(
        int id,
        int parent,
        String device,
        String root,
        String mountPoint,
        String type,
        String source,
        List<String> superOptions) {
    /** Copies the options. */
    public Mount {
        superOptions = List.copyOf(superOptions);
    }

    boolean holds(String path) {
        return mountPoint.equals("/") || path.equals(mountPoint) || path.startsWith(mountPoint + "/");
    }
}
