package org.brokerhandoff.audit.verify;

import org.brokerhandoff.operations.configuration.Settings;

/**
 * Known facts about an installation before its log is read.
 *
 * @param partitions of each kept topic
 * @param name its name, which is part of the sources of its events
 */
public record Installation(int partitions, String name) {
    /** Without a name. */
    public static Installation unnamed(int partitions) {
        return new Installation(partitions, Settings.INSTALLATION.defaultText().orElseThrow());
    }
}
