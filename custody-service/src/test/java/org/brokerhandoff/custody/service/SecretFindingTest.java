package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.custody.preflight.Severity;
import org.brokerhandoff.custody.service.CellsExamination.Secret;
import org.junit.jupiter.api.Test;

/** What preflight says of the secret of ingest services. */
class SecretFindingTest {
    private static final Path FILE = Path.of("/etc/handoff/idempotency.key");

    private static boolean fit(Secret secret) {
        return new CellsExamination(List.of(), secret, List.of()).fit();
    }

    @Test
    void where_it_is_not_the_host_may_be_one_of_routers() {
        for (SecretLook look : List.of(new SecretLook.Unnamed(), new SecretLook.Missing(FILE))) {
            Secret secret = Secret.of(look);
            assertThat(secret.severity()).isEqualTo(Severity.NOTE);
            assertThat(secret.found()).contains("a router needs none");
            assertThat(secret.remedy()).contains("head -c 32");
            assertThat(fit(secret)).isTrue();
        }
    }

    @Test
    void where_it_is_ingest_has_to_start_with_it() {
        Secret refused = Secret.of(new SecretLook.Refused(FILE, "be long", "short"));
        assertThat(refused.severity()).isEqualTo(Severity.FAILURE);
        assertThat(refused.found()).isEqualTo(FILE + " must be long; found: short");
        assertThat(fit(refused)).isFalse();
        Secret another = Secret.of(new SecretLook.Usable(FILE, Optional.of(false)));
        assertThat(another.severity()).isEqualTo(Severity.FAILURE);
        assertThat(another.found()).contains("found: another one");
        assertThat(fit(another)).isFalse();
    }

    @Test
    void that_of_the_days_or_of_no_day_yet_is_fine() {
        assertThat(Secret.of(new SecretLook.Usable(FILE, Optional.of(true))).severity())
                .isEqualTo(Severity.FINE);
        assertThat(Secret.of(new SecretLook.Usable(FILE, Optional.empty())).severity())
                .isEqualTo(Severity.FINE);
    }
}
