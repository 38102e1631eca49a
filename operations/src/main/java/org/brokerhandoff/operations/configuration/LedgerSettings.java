package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.INGEST;
import static org.brokerhandoff.operations.configuration.Service.LEDGER;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of the ledger. */
public final class LedgerSettings {
    public static final Setting<String> ORIGIN = Setting.required(
                    "HANDOFF_LEDGER_ORIGIN",
                    Kind.text(
                            "1 to 200 letters, digits, '.', ':', '/', '_' and '-', the part after the last '/' a number",
                            "(?=.{1,200}$)[A-Za-z0-9.:/_-]+/[1-9][0-9]{0,8}"),
                    "Name of the ledger and of its keys, a URL prefix without scheme such as handoff.example.org/prod/ledger/1; the last part is"
                            + " the generation. If set, ingest promises in signed answers that their events will be in the ledger",
                    LEDGER)
            .optionalFor(INGEST);

    public static final Setting<Duration> PROMISE = Setting.withDefault(
            "HANDOFF_LEDGER_PROMISE",
            Kind.duration("PT1M", "P30D"),
            "PT24H",
            "Time within which an answer promises that the ledger commits to its event",
            INGEST);

    public static final Setting<List<Path>> KEY_FILES = Setting.required(
            "HANDOFF_LEDGER_KEY_FILES",
            Kind.paths(),
            "Ed25519 private keys that sign checkpoints (PKCS#8, PEM), newest first; two while a key is replaced",
            LEDGER);

    public static final Setting<Path> DIRECTORY = Setting.withDefault(
            "HANDOFF_LEDGER_DIR",
            Kind.path(),
            "var/ledger",
            "Folder of the ledger: checkpoint, tiles and entries for auditors, and the builder's durable state",
            LEDGER);

    public static final Setting<Duration> INTERVAL = Setting.withDefault(
            "HANDOFF_LEDGER_INTERVAL", Kind.duration("PT0.1S", "PT1H"), "PT1M", "Time between two checkpoints", LEDGER);

    public static final Setting<Duration> SETTLE = Setting.optional(
            "HANDOFF_LEDGER_SETTLE",
            Kind.duration("PT0S", "PT1H"),
            "Age from which a record is committed to; by default 5 s if every partition has 3 replicas or more, otherwise 60 s,"
                    + " since one disk may lose acknowledged records in a power cut",
            LEDGER);

    public static final Setting<Path> POLICY_FILE = Setting.optional(
            "HANDOFF_LEDGER_POLICY_FILE",
            Kind.path(),
            "C2SP tlog-policy file; its witnesses with a URL are asked to cosign each checkpoint",
            LEDGER);

    public static final Setting<List<String>> COPIES = Setting.optional(
            "HANDOFF_LEDGER_COPIES",
            Kind.texts(
                    "folders, or http:// or https:// URLs without query, separated by commas",
                    "(https?://[^\\s,?#@/][^\\s,?#@]*|(?!https?:)[^\\s,][^,]*)"),
            "Places that are not restored together with the ledger's host, each with a copy of its checkpoint: all are read at a start, and the folders"
                    + " are written before a checkpoint is published",
            LEDGER);

    public static final Setting<Integer> HTTP_PORT = Setting.withDefault(
            "HANDOFF_LEDGER_HTTP_PORT",
            Kind.integer(0, 65535),
            "8083",
            "Port of the ledger's checkpoint, tiles, evidence, health and metrics; 0 for any",
            LEDGER);

    public static final Setting<URI> URL = Setting.optional(
            "HANDOFF_LEDGER_URL",
            Kind.origin(),
            "Where ingest reaches the ledger, such as http://127.0.0.1:8083; without it ingest serves no evidence of signups",
            INGEST);

    private LedgerSettings() {}
}
