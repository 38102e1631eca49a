package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;

import java.nio.file.Path;

/** Settings of the feeds to websites. */
public final class FeedSettings {
    public static final Setting<Path> FEEDS_FILE = Setting.optional(
            "HANDOFF_FEEDS_FILE",
            Kind.path(),
            "YAML file with the websites' endpoints that get webhooks; without it, no webhooks are sent",
            REGISTER_SERVICE);

    private FeedSettings() {}
}
