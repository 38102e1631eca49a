package org.brokerhandoff.audit.verify;

import org.brokerhandoff.operations.configuration.Settings;

/**
 * What is known of an installation before its log is read.
 *
 * @param partitions of each kept topic
 * @param name its name, which the sources of its events bear
 */
public record Installation(int partitions, String name) {
    /** Without its own name. */
    public static Installation unnamed(int partitions) {
        return new Installation(partitions, Settings.INSTALLATION.defaultText().orElseThrow());
    }
}
