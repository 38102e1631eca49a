package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.INGEST;
import static org.brokerhandoff.operations.configuration.Service.PREFLIGHT;
import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;
import static org.brokerhandoff.operations.configuration.Service.ROUTER;

import java.nio.file.Path;
import java.time.Duration;

/** Settings of the signups' keys: the slot file with the data keys, and the keyset that wraps them. */
public final class KeySettings {
    public static final Setting<CustodyPlace> CUSTODY = Setting.withDefault(
            "HANDOFF_CUSTODY",
            CustodyPlace.KIND,
            "file",
            "Where the keys are: in this host's slot file, or in three cells shared by several hosts, with PostgreSQL, described in the YAML"
                    + " file at that path",
            INGEST,
            ROUTER,
            PREFLIGHT);

    public static final Setting<Path> CUSTODY_FILE = Setting.withDefault(
            "HANDOFF_CUSTODY_FILE",
            Kind.path(),
            "var/custody.slots",
            "Slot file with the data keys; ingest and router share it, so both run on one host. The register service opens"
                    + " only the files of time and acknowledged offsets beside it. With cells each host has only these files",
            INGEST,
            ROUTER,
            REGISTER_SERVICE,
            PREFLIGHT);

    public static final Setting<Integer> INITIAL_SLOTS = Setting.withDefault(
            "HANDOFF_CUSTODY_INITIAL_SLOTS",
            Kind.integer(16, 1 << 26),
            "65536",
            "Slots of 128 bytes in a new slot file",
            INGEST,
            ROUTER);

    public static final Setting<Integer> MAXIMUM_SLOTS = Setting.withDefault(
            "HANDOFF_CUSTODY_MAXIMUM_SLOTS",
            Kind.integer(16, 1 << 26),
            "4194304",
            "Slots up to which the file grows; when all are in use, new signups are refused",
            INGEST,
            ROUTER);

    public static final Setting<Path> KEYSET_FILE = Setting.withDefault(
            "HANDOFF_KEYSET_FILE",
            Kind.path(),
            "var/custody.keyset",
            "Epoch keys under which the data keys are wrapped",
            INGEST,
            ROUTER,
            PREFLIGHT);

    public static final Setting<Duration> EPOCH_INTERVAL = Setting.withDefault(
            "HANDOFF_EPOCH_INTERVAL",
            Kind.duration("PT1S", "P7D"),
            "PT1H",
            "Age at which an epoch key is replaced, every live data key rewrapped, and the old epoch key destroyed",
            INGEST,
            ROUTER);

    private KeySettings() {}
}
