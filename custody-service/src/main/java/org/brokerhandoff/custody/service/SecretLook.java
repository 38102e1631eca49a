package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.util.Optional;

/** What came of looking at the secret of all ingest services, which only their hosts need to have. */
sealed interface SecretLook {
    /** The cells file names none. */
    record Unnamed() implements SecretLook {}

    /** The file that it names is not on this host. */
    record Missing(Path file) implements SecretLook {}

    /** As {@link IdempotencySecret.Reading.Refused}. */
    record Refused(Path file, String rule, String found) implements SecretLook {}

    /**
     * It can be read.
     *
     * @param same whether the days of the database were begun with it; empty if there is no day, or the database does not say
     */
    record Usable(Path file, Optional<Boolean> same) implements SecretLook {}
}
