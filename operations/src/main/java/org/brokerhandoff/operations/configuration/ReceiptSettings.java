package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.INGEST;

import java.nio.file.Path;
import java.util.List;

/** Settings of consent receipts: the controller, and the signing keys. */
public final class ReceiptSettings {
    public static final Setting<Path> OPERATOR_FILE = Setting.optional(
            "HANDOFF_OPERATOR_FILE",
            Kind.path(),
            "YAML file about the operator: the controller and its processors; without it, receipts name no controller",
            INGEST);

    public static final Setting<List<Path>> KEY_FILES = Setting.optional(
            "HANDOFF_RECEIPT_KEY_FILES",
            Kind.paths(),
            "Ed25519 private keys (PKCS#8, PEM): the first signs receipts, all are in the key set; without keys, receipts are not signed",
            INGEST);

    private ReceiptSettings() {}
}
